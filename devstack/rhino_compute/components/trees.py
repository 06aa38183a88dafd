"""Data trees: merging, grafting, flattening, simplifying, picking branches.

Paths travel as texts such as {0;1}.

Source of the GUIDs: as in arithmetic.py.
"""

from devstack.rhino_compute.components.component import Component, component
from devstack.rhino_compute.matching import ValueList
from devstack.rhino_compute.value_tree import ValueTree, parse_path, path_text


def _merged(*trees: ValueTree) -> ValueTree:
    together = ValueTree()
    for tree in trees:
        together.merge(tree)
    return together


def _entwined(*trees: ValueTree) -> ValueTree:
    """Put the values of each input, flattened, into a branch of its own."""
    return ValueTree({(0, at): tree.values for at, tree in enumerate(trees)})


def _grafted(tree: ValueTree) -> ValueTree:
    return tree.grafted()


def _flattened(tree: ValueTree, path: str | None) -> ValueTree:
    return ValueTree({parse_path(path or "{0}"): tree.values}) if tree.branches else ValueTree()


def _simplified(tree: ValueTree, front_only: bool) -> ValueTree:  # noqa: FBT001 - an input of the component
    return tree.simplified(front_only=front_only)


def _branch(tree: ValueTree, path: str) -> ValueTree:
    wanted = parse_path(path)
    return ValueTree({wanted: list(tree.branches.get(wanted, []))})


def _statistics(tree: ValueTree) -> tuple[ValueList, ValueList, int]:
    paths = tree.paths
    lengths = [len(tree.branches[path]) for path in paths]
    return ValueList([path_text(path) for path in paths]), ValueList([*lengths]), len(paths)


def _filtered(gate: int, *streams: ValueTree) -> ValueTree:
    return streams[gate] if 0 <= gate < len(streams) else ValueTree()


COMPONENTS: dict[str, Component] = {
    "3cadddef-1e2b-4c09-9390-0e8f78f7609f": component("Merge", "{Any}", _merged),
    "c9785b8e-2f30-4f90-8ee3-cca710f82402": component("Entwine", "{Any}", _entwined),
    "87e1d9ef-088b-4d30-9dda-8a7448a17329": component("Graft Tree", "{Any}", _grafted),
    "f80cfe18-9510-4b89-8301-8e58faf423bb": component("Flatten Tree", "{Any} Path", _flattened),
    "1303da7b-e339-4e65-a051-82c4dce8224d": component(
        "Simplify Tree", "{Any} Boolean", _simplified
    ),
    "3a710c1e-1809-4e19-8c15-82adce31cd62": component("Tree Branch", "{Any} Path", _branch),
    "99bee19d-588c-41a0-b9b9-1d00fb03ea1a": component("Tree Statistics", "{Any}", _statistics),
    "eeafc956-268e-461d-8e73-ee05c6f72c01": component("Stream Filter", "Integer {Any}", _filtered),
}
