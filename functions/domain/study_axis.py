"""One column of a study's table as positions on an axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from contracts.digest import canonical_json

MAX_LABEL = 18
MAX_TICKS = 8


@dataclass(frozen=True, slots=True)
class Axis:
    """Positions of a column's values, None where there is none.

    Attributes:
        name: the heading.
        ticks: position and text of each kind of value; empty where the values are numbers.
    """

    name: str
    positions: tuple[float | None, ...]
    ticks: tuple[tuple[float, str], ...] = ()

    @property
    def span(self) -> tuple[float, float]:
        """The least and the greatest position; a tenth around a single one."""
        known = [position for position in self.positions if position is not None]
        low, high = min(known, default=0.0), max(known, default=1.0)
        if low == high:
            room = abs(low) * 0.1 or 0.5
            return low - room, high + room
        return low, high

    def share(self, position: float) -> float:
        """Where a position lies between the least (0) and the greatest (1)."""
        low, high = self.span
        return (position - low) / (high - low)


def number_axis(name: str, values: Sequence[float | None]) -> Axis:
    """An axis of an objective."""
    return Axis(name, tuple(None if value is None else float(value) for value in values))


def value_axis(name: str, values: Sequence[JsonValue]) -> Axis:
    """An axis of a parameter: numbers at their place, anything else one after the other."""
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        numbers = [value if isinstance(value, int | float) else None for value in values]
        return number_axis(name, numbers)
    texts = [canonical_json(value).decode() for value in values]
    places = {text: float(place) for place, text in enumerate(dict.fromkeys(texts))}
    step = max(1, -(-len(places) // MAX_TICKS))
    ticks = [(place, _label(text)) for text, place in places.items() if place % step == 0]
    return Axis(name, tuple(places[text] for text in texts), tuple(ticks))


def _label(text: str) -> str:
    text = text.strip('"')
    return text if len(text) <= MAX_LABEL else f"{text[: MAX_LABEL - 1]}…"
