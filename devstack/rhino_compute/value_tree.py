"""Grasshopper's data: values in branches, branches at paths."""

from collections.abc import Callable
from dataclasses import dataclass, field

import rhino3dm

from devstack.rhino_compute.errors import MalformedRequestError
from devstack.rhino_compute.rhino_geometry.curves import Curve
from devstack.rhino_compute.rhino_geometry.shapes import Circle, Colour, Interval, Rectangle
from devstack.rhino_compute.rhino_geometry.transforms import Similarity

Geometry = (
    rhino3dm.Point3d
    | rhino3dm.Vector3d
    | rhino3dm.Line
    | rhino3dm.Plane
    | rhino3dm.GeometryBase
    | Circle
    | Rectangle
    | Curve
)
Value = None | bool | int | float | str | Interval | Colour | Similarity | Geometry
Path = tuple[int, ...]


@dataclass(slots=True)
class ValueTree:
    """Branches by path; `paths` gives them in Grasshopper's order."""

    branches: dict[Path, list[Value]] = field(default_factory=dict[Path, list[Value]])

    @classmethod
    def single(cls, *values: Value) -> "ValueTree":
        """Return a tree with the one branch {0}."""
        return cls({(0,): list(values)})

    @property
    def paths(self) -> list[Path]:
        """All paths, sorted."""
        return sorted(self.branches)

    @property
    def values(self) -> list[Value]:
        """All values, branch after branch."""
        return [value for path in self.paths for value in self.branches[path]]

    def add(self, path: Path, values: list[Value]) -> None:
        """Append values to a branch; an empty list leaves an empty branch."""
        self.branches.setdefault(path, []).extend(values)

    def merge(self, other: "ValueTree") -> None:
        """Append every branch of another tree."""
        for path in other.paths:
            self.add(path, other.branches[path])

    def mapped(self, change: Callable[[Value], Value]) -> "ValueTree":
        """Return a tree of the same shape with every value changed."""
        return ValueTree(
            {path: [change(value) for value in self.branches[path]] for path in self.paths}
        )

    def flattened(self) -> "ValueTree":
        """Return all values in {0}; nothing stays nothing."""
        return ValueTree({(0,): self.values}) if self.branches else ValueTree()

    def grafted(self) -> "ValueTree":
        """Return a branch for each value."""
        return ValueTree(
            {
                (*path, index): [value]
                for path in self.paths
                for index, value in enumerate(self.branches[path])
            }
        )

    def reversed(self) -> "ValueTree":
        """Return each branch backwards."""
        return ValueTree({path: self.branches[path][::-1] for path in self.paths})

    def simplified(self, *, front_only: bool = False) -> "ValueTree":
        """Return the branches without the path positions that all of them share.

        The shortest path keeps its first index when nothing else would be left of it; a single
        branch stays as it is. `front_only` stops at the first position that differs.

        Source: Grasshopper's own answers for Simplify Tree, published in ezzahiranass/pyhopper.
        """
        paths = self.paths
        shortest = min((len(path) for path in paths), default=0)
        if len(paths) < 2:  # noqa: PLR2004 - one branch shares nothing
            return self
        shared = [len({path[position] for path in paths}) == 1 for position in range(shortest)]
        if front_only and False in shared:
            first = shared.index(False)
            shared = [position < first for position in range(shortest)]
        if all(shared):
            shared[0] = False
        dropped = {position for position, is_shared in enumerate(shared) if is_shared}
        simple = ValueTree()
        for path in paths:
            kept = tuple(part for at, part in enumerate(path) if at not in dropped)
            simple.add(kept, self.branches[path])
        return simple


def path_text(path: Path) -> str:
    """Write a path as answers show it: {0;1}."""
    return "{" + ";".join(map(str, path)) + "}"


def parse_path(text: str) -> Path:
    """Read a path with or without braces and blanks.

    Raises:
        MalformedRequestError: A part is not a whole number.
    """
    parts = text.replace("{", "").replace("}", "").split(";")
    try:
        return tuple(int(part) for part in parts if part.strip())
    except ValueError as error:
        raise MalformedRequestError(f"'{text[:40]}' is not a path") from error
