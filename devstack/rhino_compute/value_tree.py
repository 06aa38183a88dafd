"""Grasshopper's data: values in branches, branches at paths."""

from dataclasses import dataclass, field

import rhino3dm

from devstack.rhino_compute.errors import MalformedRequestError
from devstack.rhino_compute.rhino_geometry.curves import Curve

Geometry = (
    rhino3dm.Point3d
    | rhino3dm.Vector3d
    | rhino3dm.Line
    | rhino3dm.Plane
    | rhino3dm.GeometryBase
    | Curve
)
Value = None | bool | int | float | str | Geometry
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

    def branch(self, position: int) -> list[Value]:
        """Return a branch by position; past the end the last one repeats."""
        paths = self.paths
        return self.branches[paths[min(position, len(paths) - 1)]] if paths else []

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
