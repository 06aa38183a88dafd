"""Grasshopper's data matching: which values a component solves together, and where results go.

Branches advance together, the last of a shorter input repeats; so do the values inside a branch.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from devstack.rhino_compute.casting import cast_value
from devstack.rhino_compute.value_tree import Path, Value, ValueTree

ITEM, LIST, TREE = 0, 1, 2
ROOT: Path = (0,)


@dataclass(frozen=True, slots=True)
class ValueList:
    """A list result, as SetDataList gives it."""

    values: list[Value]


Argument = Value | list[Value] | ValueTree
Result = Value | ValueList | ValueTree
Solver = Callable[[list[Argument]], Sequence[Result]]
Branches = list[list[Value]]


@dataclass(frozen=True, slots=True)
class Slot:
    """One input of a component: its data, and how the component takes it."""

    tree: ValueTree
    access: int
    type_name: str | None
    is_optional: bool

    def converted(self) -> ValueTree:
        """Return the data as the input's type."""
        if self.type_name is None:
            return self.tree
        return self.tree.mapped(lambda value: cast_value(value, self.type_name))


@dataclass(slots=True)
class Outlet:
    """Collects the results of one output."""

    tree: ValueTree = field(default_factory=ValueTree)
    is_grafted: bool = False

    def put(self, path: Path, index: int, result: Result, *, extends_path: bool) -> None:
        """Store one result of the branch at `path`; an empty list leaves an empty branch."""
        if isinstance(result, ValueTree):
            self.tree.merge(result)
            return
        if not isinstance(result, ValueList):
            self.tree.add((*path, index) if self.is_grafted else path, [result])
            return
        if extends_path and not self.is_grafted:
            for position, value in enumerate(self.tree.branches.pop(path, [])):
                self.tree.add((*path, position), [value])
            self.is_grafted = True
        self.tree.add((*path, index) if extends_path else path, list(result.values))


def solve_matched(
    slots: list[Slot], output_count: int, principal: int | None, solver: Solver
) -> list[ValueTree]:
    """Call `solver` once per match; return the tree of each output.

    Raises:
        SolveError: A value does not convert, or the solver fails.
    """
    outlets = [Outlet() for _ in range(output_count)]
    trees = [slot.converted() for slot in slots]
    ordered = [[tree.branches[path] for path in tree.paths] for tree in trees]
    extends_path = any(slot.access == ITEM for slot in slots)
    counts = (len(b) for s, b in zip(slots, ordered, strict=True) if s.access != TREE)
    rounds = max(counts, default=0) or 1
    for turn, path in enumerate(_target_paths(slots, principal, rounds)):
        for outlet in outlets:
            outlet.is_grafted = False
        branches = [held[min(turn, len(held) - 1)] if held else [] for held in ordered]
        if _starves(slots, branches):
            for outlet in outlets:
                outlet.tree.add(path, [])
            continue
        for index in range(_matches(slots, branches)):
            results = _solve_one(slots, trees, branches, index, solver)
            for outlet, result in zip(outlets, results or [None] * output_count, strict=True):
                outlet.put(path, index, result, extends_path=extends_path)
    return [outlet.tree for outlet in outlets]


def _starves(slots: list[Slot], branches: Branches) -> bool:
    return any(
        slot.access == ITEM and not branch and not slot.is_optional
        for slot, branch in zip(slots, branches, strict=True)
    )


def _matches(slots: list[Slot], branches: Branches) -> int:
    counts = [len(b) for s, b in zip(slots, branches, strict=True) if s.access == ITEM]
    return max(counts, default=1) or 1


def _solve_one(
    slots: list[Slot], trees: list[ValueTree], branches: Branches, index: int, solver: Solver
) -> Sequence[Result] | None:
    arguments: list[Argument] = []
    for slot, tree, branch in zip(slots, trees, branches, strict=True):
        if slot.access == TREE:
            arguments.append(tree)
        elif slot.access == LIST:
            arguments.append(branch)
        else:
            value = branch[min(index, len(branch) - 1)] if branch else None
            if value is None and not slot.is_optional:
                return None
            arguments.append(value)
    return solver(arguments)


def _target_paths(slots: list[Slot], principal: int | None, rounds: int) -> list[Path]:
    chosen = _principal(slots) if principal is None else principal
    paths = slots[chosen].tree.paths if chosen is not None else []
    if not paths:
        return [(turn,) for turn in range(rounds)]
    if chosen is not None and slots[chosen].access == TREE:
        paths = paths[:1]
    last = paths[-1]
    beyond = [(*last[:-1], last[-1] + extra) for extra in range(1, rounds - len(paths) + 1)]
    return [*paths, *beyond][:rounds]


def _principal(slots: list[Slot]) -> int | None:
    if not slots:
        return None
    ranks = [_complexity(slot) for slot in slots]
    return ranks.index(max(ranks))


def _complexity(slot: Slot) -> int:
    if slot.access == TREE:
        return -1
    paths = slot.tree.paths
    if not paths or paths == [ROOT]:
        return -2
    longest = max(len(path) for path in paths)
    return max(longest - 1, 0) if slot.access == LIST else longest
