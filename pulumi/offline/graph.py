"""The dependency graph of a run, component by component."""

from dataclasses import dataclass, field

from offline.recording import Recording


class CycleError(Exception):
    """Resources depend on each other in a circle: nothing could be created first."""


@dataclass(slots=True)
class Box:
    """A component, or a resource that stands alone; `rows`: type and name of what is inside.

    `is_kept`: something in it is protected from deletion.
    """

    name: str
    title: str
    rows: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    needs: set[str] = field(default_factory=set[str])
    rank: int = 0
    is_kept: bool = False


def boxes(recording: Recording) -> dict[str, Box]:
    """Boxes by URN with their dependencies, ranked: each further right than what it needs.

    Raises:
        CycleError: there is no order of creation.
    """
    creation_order(recording)
    found: dict[str, Box] = {}
    for urn, one in sorted(recording.resources.items()):  # a program registers in any order
        top = _top(recording, urn)
        owner = recording.resources[top]
        box = found.setdefault(top, Box(owner.name, owner.short_type.rpartition(":")[2]))
        if one.is_custom:
            box.rows.append((one.short_type, one.name))
            box.is_kept |= one.is_protected
        box.needs |= {_top(recording, other) for other in _known(recording, one.dependencies)}
    for urn, box in found.items():
        box.needs.discard(urn)
    _rank(found)
    return found


def creation_order(recording: Recording) -> list[str]:
    """URNs, each after those it depends on.

    Raises:
        CycleError: naming the circle.
    """
    order: list[str] = []
    state: dict[str, bool] = {}

    def visit(urn: str, path: tuple[str, ...]) -> None:
        if state.get(urn):
            return
        if urn in state:
            names = (recording.resources[one].name for one in (*path, urn))
            raise CycleError(" -> ".join(names))
        state[urn] = False
        for other in _known(recording, recording.resources[urn].dependencies):
            visit(other, (*path, urn))
        state[urn] = True
        order.append(urn)

    for urn in recording.resources:
        visit(urn, ())
    return order


def _known(recording: Recording, urns: tuple[str, ...]) -> list[str]:
    return [urn for urn in urns if urn in recording.resources]


def _top(recording: Recording, urn: str) -> str:
    parent = recording.resources[urn].parent
    return _top(recording, parent) if parent in recording.resources else urn


def _rank(found: dict[str, Box]) -> None:
    """The longest way from a box that needs nothing; circles between components end it."""
    for _ in range(len(found)):
        changed = False
        for box in found.values():
            rank = max((found[one].rank + 1 for one in box.needs), default=0)
            if box.rank < rank < len(found):
                box.rank, changed = rank, True
        if not changed:
            return
