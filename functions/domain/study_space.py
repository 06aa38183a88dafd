"""The points of a study: a grid, a list, or a seeded sample of ranges."""

import math
from dataclasses import dataclass
from itertools import product
from typing import Literal

from pydantic import JsonValue

from functions.domain.study_path import ValuePath
from functions.domain.study_sampling import latin_hypercube, random_sample

SpaceKind = Literal["grid", "list", "latin_hypercube", "random"]
Point = tuple[JsonValue, ...]
# Beyond it a computed number only shows the noise of binary fractions.
DIGITS = 12


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from `low` to `high`, both included.

    Attributes:
        is_integer: only whole numbers.
        is_log: equal ratios instead of equal distances; `low` is positive then.
    """

    low: float
    high: float
    is_integer: bool = False
    is_log: bool = False

    def at(self, fraction: float) -> float | int:
        """The number a fraction in [0, 1] of the way up."""
        if self.is_integer:
            steps = int(self.high) - int(self.low) + 1
            return int(self.low) + min(int(fraction * steps), steps - 1)
        if self.is_log:
            low, high = math.log(self.low), math.log(self.high)
            value = math.exp(low + fraction * (high - low))
        else:
            value = self.low + fraction * (self.high - self.low)
        return min(max(_rounded(value), self.low), self.high)

    def levels(self, count: int) -> Point:
        """`count` numbers at equal distances, the ends among them."""
        if count == 1:
            return (_plain(self.low),)
        return tuple(_plain(self.at(i / (count - 1))) for i in range(count))

    def stepped(self, step: float) -> Point:
        """From `low` by `step`; `high` is met within 1e-9 of a step."""
        count = math.floor((self.high - self.low) / step + 1e-9) + 1
        return tuple(_plain(_rounded(self.low + i * step)) for i in range(count))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One input that varies: over a range, or over values (`values` is what a grid uses)."""

    path: ValuePath
    span: Span | None = None
    values: Point = ()

    def at(self, fraction: float) -> JsonValue:
        """The value a fraction in [0, 1) of the way."""
        if self.span is not None:
            return self.span.at(fraction)
        return self.values[int(fraction * len(self.values))]


@dataclass(frozen=True, slots=True)
class Space:
    """Every point of a study; `rows` are those of a list, in the order of `parameters`."""

    kind: SpaceKind
    parameters: tuple[Parameter, ...]
    count: int = 0
    seed: int = 0
    rows: tuple[Point, ...] = ()

    @property
    def size(self) -> int:
        """The number of points, without making them."""
        if self.kind == "grid":
            return math.prod(len(parameter.values) for parameter in self.parameters)
        return len(self.rows) if self.kind == "list" else self.count

    def points(self) -> list[Point]:
        """The points; in a grid the last parameter varies fastest."""
        match self.kind:
            case "grid":
                return list(product(*(parameter.values for parameter in self.parameters)))
            case "list":
                return list(self.rows)
            case "latin_hypercube":
                sample = latin_hypercube(self.seed, self.count, len(self.parameters))
            case "random":
                sample = random_sample(self.seed, self.count, len(self.parameters))
        return [
            tuple(p.at(fraction) for p, fraction in zip(self.parameters, row, strict=True))
            for row in sample
        ]


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _plain(value: float) -> float | int:
    """Whole numbers without a fraction, as a person would write them."""
    return int(value) if float(value).is_integer() else value
