"""Picking, ordering and splitting the values of one branch.

Source of the GUIDs: as in arithmetic.py.
"""

from itertools import islice

from contracts.grasshopper.document import DocumentObject
from devstack.rhino_compute.components.component import Component, component, prepared, solver_of
from devstack.rhino_compute.components.sequences import bounded
from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.matching import Solver, ValueList
from devstack.rhino_compute.rhino_geometry.shapes import Interval
from devstack.rhino_compute.value_tree import Value

Values = list[Value]


def _chosen(owner: DocumentObject) -> Solver:
    """Return the value at the index; further outputs (`+1`, `-1`) are its neighbours."""
    offsets = [_offset(output.nickname) for output in owner.outputs]

    def pick(values: Values, index: int, wraps: bool) -> tuple[Value, ...]:  # noqa: FBT001 - an input of the component
        return tuple(_picked(values, index + offset, wraps=wraps) for offset in offsets)

    return solver_of(pick)


def _offset(nickname: str) -> int:
    try:
        return int(nickname)
    except ValueError:
        return 0


def _picked(values: Values, index: int, *, wraps: bool) -> Value:
    if values and wraps:
        index %= len(values)
    return values[index] if 0 <= index < len(values) else None


def _length(values: Values) -> int:
    return len(values)


def _reversed(values: Values) -> ValueList:
    return ValueList(values[::-1])


def _shifted(values: Values, shift: int, wraps: bool) -> ValueList:  # noqa: FBT001 - an input of the component
    if not values:
        return ValueList([])
    if wraps:
        turned = shift % len(values)
        return ValueList(values[turned:] + values[:turned])
    return ValueList(values[shift:] if shift >= 0 else values[:shift])


def _split(values: Values, index: int) -> tuple[ValueList, ValueList]:
    at = max(0, min(len(values), index))
    return ValueList(values[:at]), ValueList(values[at:])


def _subset(values: Values, domain: Interval, wraps: bool) -> tuple[ValueList, ValueList]:  # noqa: FBT001 - an input of the component
    start, end = int(domain.T0), int(domain.T1)
    step = 1 if end >= start else -1
    bounded(abs(end - start))
    wanted = range(start, end + step, step)
    if wraps and values:
        indices = [index % len(values) for index in wanted]
    else:
        indices = [index for index in wanted if 0 <= index < len(values)]
    return ValueList([values[index] for index in indices]), ValueList([*indices])


def _sorted(keys: list[float | None], *streams: Values) -> tuple[ValueList, ...]:
    """Sort by numbers, stably; every stream follows the keys."""
    if None in keys:
        raise SolveError("Keys must not be null")
    if any(stream and len(stream) != len(keys) for stream in streams):
        raise SolveError("Values and keys must be lists of the same length")
    order = sorted(range(len(keys)), key=lambda at: keys[at] or 0.0)
    rows: list[Values] = [[*keys], *streams]
    return tuple(ValueList([row[at] for at in order] if row else []) for row in rows)


def _dispatched(values: Values, pattern: list[bool | None]) -> tuple[ValueList, ValueList]:
    if not pattern:
        return ValueList([]), ValueList([])
    flags = [bool(pattern[at % len(pattern)]) for at in range(len(values))]
    chosen = [value for value, flag in zip(values, flags, strict=True) if flag]
    others = [value for value, flag in zip(values, flags, strict=True) if not flag]
    return ValueList(chosen), ValueList(others)


def _woven(pattern: list[int | None], *streams: Values) -> ValueList:
    """Take from the streams in turn until all are used up; an empty one is skipped."""
    order = [index for index in pattern if index is not None and 0 <= index < len(streams)]
    left = [iter(stream) for stream in streams]
    woven: Values = []
    remaining = sum(len(streams[index]) for index in set(order))
    while len(woven) < remaining:
        for index in order:
            woven.extend(islice(left[index], 1))
    return ValueList(woven)


COMPONENTS: dict[str, Component] = {
    "59daf374-bc21-4a5e-8282-5504fb7ae9ae": prepared("List Item", "[Any] Integer Boolean", _chosen),
    "1817fd29-20ae-4503-b542-f0fb651e67d7": component("List Length", "[Any]", _length),
    "6ec97ea8-c559-47a2-8d0f-ce80c794d1f4": component("Reverse List", "[Any]", _reversed),
    "4fdfe351-6c07-47ce-9fb9-be027fb62186": component(
        "Shift List", "[Any] Integer Boolean", _shifted
    ),
    "9ab93e1a-ebdf-4090-9296-b000cff7b202": component("Split List", "[Any] Integer", _split),
    "b333ff42-93bd-406b-8e17-15780719b6ec": component("Sub List", "[Any] Domain Boolean", _subset),
    "6f93d366-919f-4dda-a35e-ba03dd62799b": component("Sort List", "[Number] [Any]", _sorted),
    "d8332545-21b2-4716-96e3-8559a9876e17": component("Dispatch", "[Any] [Boolean]", _dispatched),
    "50faccbd-9c92-4175-a5fa-d65e36013db6": component("Weave", "[Integer] [Any]", _woven),
}
