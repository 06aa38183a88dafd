"""Samples of the unit cube that depend on nothing but a seed.

Each number is read off a SHA-256, so that a study can be made again with the same seed on any
version of Python, of this code's libraries, or in another language.
"""

import hashlib
from collections.abc import Sequence

Fractions = Sequence[float]


def uniform(seed: int, *labels: object) -> float:
    """A number in [0, 1) that looks random; the same for the same seed and labels."""
    text = "/".join(str(part) for part in (seed, *labels))
    digest = hashlib.sha256(text.encode()).digest()
    return (int.from_bytes(digest[:8]) >> 11) / 2**53


def random_sample(seed: int, count: int, dimensions: int) -> list[tuple[float, ...]]:
    """`count` points, every coordinate on its own."""
    return [tuple(uniform(seed, i, d) for d in range(dimensions)) for i in range(count)]


def latin_hypercube(seed: int, count: int, dimensions: int) -> list[tuple[float, ...]]:
    """`count` points: in each dimension exactly one in each of `count` equal strata.

    Source: McKay, Beckman, Conover (1979), Technometrics 21 (2).
    """
    columns: list[list[float]] = []
    for d in range(dimensions):
        strata = sorted(range(count), key=lambda i, d=d: uniform(seed, "stratum", d, i))
        columns.append([_within(s, count, uniform(seed, "place", d, s)) for s in strata])
    return list(zip(*columns, strict=True))


def _within(stratum: int, count: int, place: float) -> float:
    """A number of the stratum; rounding must not lift it into the next one."""
    value = (stratum + place) / count
    return value if int(value * count) == stratum else (stratum + 0.5) / count
