"""Grasshopper data trees as the engine's wire carries them: texts that hold JSON.

Source: Rhino.Compute, `POST /grasshopper`, `ResthopperObject`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

ROOT_BRANCH = "{0}"


@dataclass(frozen=True, slots=True)
class DataTree:
    """One definition parameter: `branches` maps a path such as `{0;1}` to its texts, in order."""

    parameter: str
    branches: dict[str, tuple[str, ...]]

    @classmethod
    def of_list(cls, parameter: str, texts: Sequence[str]) -> "DataTree":
        """A tree with the one branch that a flat list has."""
        return cls(parameter, {ROOT_BRANCH: tuple(texts)})

    def flat(self) -> list[str]:
        """Every text, branches in the order of their paths."""
        ordered = sorted(self.branches, key=_path_order)
        return [text for path in ordered for text in self.branches[path]]


def _path_order(path: str) -> tuple[int, ...]:
    return tuple(int(index) for index in path.strip("{} ").split(";") if index.strip().isdigit())
