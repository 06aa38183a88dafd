"""The manifest's caps on inputs, checked before a job is accepted and before the engine is touched.

Source: `manifest.json`, `limits` and `sampling`.
"""

import math
from collections.abc import Iterator
from itertools import pairwise

from pydantic import JsonValue

from contracts.errors import ContractViolationError, Violation
from contracts.json_text import escape_token
from contracts.model import Contract, JsonObject, Limits, Sampling
from contracts.paths import Path, read
from contracts.rules.simple_ring import point_of, ring_points

Ring = list[tuple[float, float]]


def check_limits(contract: Contract, limits: Limits, inputs: JsonObject) -> None:
    """Check valid inputs, defaults materialised, against the caps.

    Raises:
        ContractViolationError: `domain_violation`, one entry for each cap that is exceeded.
    """
    violations = [*_ring_violations(limits, inputs), *_sample_violations(contract, limits, inputs)]
    if violations:
        raise ContractViolationError("domain_violation", violations)


def _ring_violations(limits: Limits, inputs: JsonObject) -> Iterator[Violation]:
    vertices = 0
    for pointer, ring in _rings(inputs, ""):
        vertices += len(ring)
        area_m2 = _area(ring)
        if area_m2 > limits.max_area_m2:
            message = f"Encloses {area_m2:.0f} m2; at most {limits.max_area_m2:.0f} are allowed."
            yield Violation(pointer, "max_area_m2", message)
    if vertices > limits.max_vertices:
        message = f"{vertices} vertices in all; at most {limits.max_vertices} are allowed."
        yield Violation("", "max_vertices", message)


def _rings(value: JsonValue, pointer: str) -> Iterator[tuple[str, Ring]]:
    ring = ring_points(value)
    if ring is not None:
        yield pointer, ring
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _rings(member, f"{pointer}/{escape_token(name)}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _rings(member, f"{pointer}/{index}")


def _area(ring: Ring) -> float:
    return abs(math.fsum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring))) / 2


def _sample_violations(
    contract: Contract, limits: Limits, inputs: JsonObject
) -> Iterator[Violation]:
    factors = contract.manifest.sampling
    samples = math.prod((_count(factor, inputs) for factor in factors), start=1.0)
    if samples > limits.max_samples:
        finest = factors[0].step or factors[0].path
        message = f"Asks for {samples:.0f} candidates; at most {limits.max_samples} are allowed."
        hint = "Use a larger step or a smaller range."
        yield Violation(Path.parse(finest).pointer, "max_samples", message, hint)


def _count(factor: Sampling, inputs: JsonObject) -> float:
    try:
        value = read(inputs, Path.parse(factor.path).head)
    except KeyError:
        return 1
    if factor.kind == "range":
        if not isinstance(value, dict):
            raise TypeError(f"{factor.path} is not a range")
        return _steps(_number(value["max"]) - _number(value["min"]), _number(value["step"]))
    step = _read_number(inputs, factor.step)
    if factor.kind == "segment":
        height = _read_number(inputs, factor.height) if factor.height else 0
        return _steps(math.dist(*_ends(factor, value)), step) * _steps(height, step)
    ring = ring_points(value)
    if ring is None:
        raise TypeError(f"{factor.path} is not a ring")
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return _steps(max(xs) - min(xs), step) * _steps(max(ys) - min(ys), step)


def _ends(factor: Sampling, value: JsonValue) -> Ring:
    points = [point_of(position) for position in value] if isinstance(value, list) else []
    ends = [point for point in points if point is not None]
    if len(ends) != 2:  # noqa: PLR2004 - a start and an end
        raise TypeError(f"{factor.path} is not a segment")
    return ends


def _read_number(inputs: JsonObject, path: str | None) -> float:
    return _number(read(inputs, Path.parse(path or "").head))


def _steps(span: float, step: float) -> float:
    return math.floor(span / step + 1e-9) + 1


def _number(value: JsonValue) -> float:
    if not isinstance(value, int | float):
        raise TypeError("not a number")
    return float(value)
