"""Lists made by rule, and lists with values left out or repeated.

Random and Jitter are not here: Grasshopper's generator cannot be repeated elsewhere.

Source of the GUIDs: as in arithmetic.py.
"""

from devstack.rhino_compute.components.component import MAX_VALUES, Component, component
from devstack.rhino_compute.errors import SolveError, UnsupportedError
from devstack.rhino_compute.matching import ValueList
from devstack.rhino_compute.rhino_geometry.shapes import Interval
from devstack.rhino_compute.value_tree import Value

LEAST_FREQUENCY = 2


def bounded(count: int) -> int:
    """Return the number of values to make.

    Raises:
        SolveError: It is negative.
        UnsupportedError: It is more than this server makes at once.
    """
    if count < 0:
        raise SolveError("Count must not be negative")
    if count > MAX_VALUES:
        raise UnsupportedError(f"lists of more than {MAX_VALUES} values are not supported")
    return count


def _series(start: float, step: float, count: int) -> ValueList:
    return ValueList([start + index * step for index in range(bounded(count))])


def _range(domain: Interval, steps: int) -> ValueList:
    if steps < 1:
        raise SolveError("Steps must be at least one")
    parts = bounded(steps)
    return ValueList([domain.ParameterAt(index / parts) for index in range(parts + 1)])


def _duplicated(values: list[Value], number: int, keeps_order: bool) -> ValueList:  # noqa: FBT001 - an input of the component
    bounded(number * len(values))
    if keeps_order:
        return ValueList(values * number)
    return ValueList([value for value in values for _ in range(number)])


def _repeated(values: list[Value], length: int) -> ValueList:
    if not values:
        return ValueList([])
    return ValueList([values[index % len(values)] for index in range(bounded(length))])


def _culled_by_pattern(values: list[Value], pattern: list[bool | None]) -> ValueList:
    """Keep where the repeating pattern is true."""
    if not pattern:
        raise SolveError("The culling pattern is empty")
    kept = (value for at, value in enumerate(values) if pattern[at % len(pattern)])
    return ValueList(list(kept))


def _culled_by_index(values: list[Value], indices: list[int | None], wraps: bool) -> ValueList:  # noqa: FBT001 - an input of the component
    given = [index for index in indices if index is not None]
    culled = {index % len(values) for index in given} if wraps and values else set(given)
    return ValueList([value for at, value in enumerate(values) if at not in culled])


def _culled_nth(values: list[Value], frequency: int) -> ValueList:
    if frequency < LEAST_FREQUENCY:
        raise SolveError("The culling frequency must be at least two")
    return ValueList([value for at, value in enumerate(values) if (at + 1) % frequency])


COMPONENTS: dict[str, Component] = {
    "e64c5fb1-845c-4ab1-8911-5f338516ba67": component("Series", "Number Number Integer", _series),
    "9445ca40-cc73-4861-a455-146308676855": component("Range", "Domain Integer", _range),
    "dd8134c0-109b-4012-92be-51d843edfff7": component(
        "Duplicate Data", "[Any] Integer Boolean", _duplicated
    ),
    "c40dc145-9e36-4a69-ac1a-6d825c654993": component("Repeat Data", "[Any] Integer", _repeated),
    "008e9a6f-478a-4813-8c8a-546273bc3a6b": component(
        "Cull Pattern", "[Any] [Boolean]", _culled_by_pattern
    ),
    "501aecbb-c191-4d13-83d6-7ee32445ac50": component(
        "Cull Index", "[Any] [Integer] Boolean", _culled_by_index
    ),
    "932b9817-fcc6-4ac3-b5fd-c0e8eeadc53f": component("Cull Nth", "[Any] Integer", _culled_nth),
}
