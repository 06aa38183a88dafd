"""Move inputs to the nearest multiple of their step, so that near positions become equal."""

import copy
from collections.abc import Mapping

from pydantic import JsonValue

from contracts.model import JsonObject
from contracts.paths import Path, read, write

# A multiple of 0.1 shall read 0.3, not 0.30000000000000004.
_SIGNIFICANT_DIGITS = 12


def snap(inputs: JsonObject, steps: Mapping[str, float]) -> JsonObject:
    """A copy in which each number that has a step is a multiple of it.

    Args:
        inputs: accepted inputs.
        steps: by JSON path; paths that lead to no number are left alone.
    """
    snapped = copy.deepcopy(inputs)
    for text, step in steps.items():
        path = Path.parse(text)
        value = _number(snapped, path)
        if value is not None:
            write(snapped, path.head, _multiple(value, step))
    return snapped


def split_steps(
    inputs: JsonObject, steps: Mapping[str, float]
) -> tuple[JsonObject, tuple[float, ...]]:
    """Inputs without the numbers that have steps, and those numbers counted in steps."""
    others = copy.deepcopy(inputs) if steps else inputs
    place: list[float] = []
    for text, step in sorted(steps.items()):
        path = Path.parse(text)
        value = _number(others, path)
        if value is not None:
            place.append(value / step)
            write(others, path.head, None)
    return others, tuple(place)


def _number(inputs: JsonObject, path: Path) -> float | None:
    try:
        value: JsonValue = read(inputs, path.head)
    except KeyError:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return None


def _multiple(value: float, step: float) -> float:
    snapped = float(f"{round(value / step) * step:.{_SIGNIFICANT_DIGITS}g}")
    return int(snapped) if isinstance(value, int) and snapped.is_integer() else snapped
