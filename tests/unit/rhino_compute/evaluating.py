"""Solves one component, by name, in a definition of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rhino3dm

from contracts.grasshopper.builder import DefinitionBuilder, Port
from devstack.rhino_compute.components.catalogue import COMPONENTS
from devstack.rhino_compute.definition import read_definition
from devstack.rhino_compute.rhino_geometry.curves import Curve, PolylineCurve
from devstack.rhino_compute.rhino_geometry.shapes import Circle, Rectangle
from devstack.rhino_compute.solution import Solution
from devstack.rhino_compute.value_tree import Value, ValueTree, path_text

Given = Value | Sequence[Value] | Mapping[str, Sequence[Value]]
DIGITS = 9


@dataclass(frozen=True)
class Solved:
    """Outputs, and what went wrong."""

    trees: list[ValueTree]
    errors: list[str]
    warnings: list[str]

    @property
    def shown(self) -> list[dict[str, list[Any]]]:
        """Every output by path, geometry as numbers."""
        return [
            {path_text(path): [show(value) for value in tree.branches[path]] for path in tree.paths}
            for tree in self.trees
        ]


def tree_of(given: Given) -> ValueTree:
    if isinstance(given, Mapping):
        branches = {
            tuple(int(part) for part in path.split(";")): list(values)
            for path, values in given.items()
        }
        return ValueTree(branches)
    return ValueTree({(0,): _listed(given)})


def _listed(given: Any) -> list[Value]:
    return [*given] if isinstance(given, list) else [given]


def solve(name: str, *given: Given, outputs: str = "R", optional: str = "", **extra: str) -> Solved:
    """Give each input a tree; None for an input leaves it empty."""
    component_id = next(guid for guid, known in COMPONENTS.items() if known.name == name)
    builder = DefinitionBuilder(name, "")
    names = "xyzabcdefg"
    ports = [Port(names[at], is_optional=names[at] in optional) for at, _ in enumerate(given)]
    builder.component(component_id, name, ports, tuple(outputs.split()), **extra)
    definition = read_definition(builder.to_gh())
    assert definition.refusals == ()
    (thing,) = definition.document.objects
    inputs = {
        port.parameter_id: ValueTree() if tree is None else tree_of(tree)
        for port, tree in zip(thing.inputs, given, strict=True)
    }
    solution = Solution(definition, inputs)
    solution.solve()
    trees = [solution.read(output) for output in thing.outputs]
    return Solved(trees, solution.errors, solution.warnings)


def results(name: str, *given: Given, outputs: str = "R", optional: str = "", **extra: str) -> list:
    """Return the outputs of a component that solves without errors."""
    solved = solve(name, *given, outputs=outputs, optional=optional, **extra)
    assert solved.errors == []
    return solved.shown


def result(name: str, *given: Given, optional: str = "", **extra: str) -> dict[str, list[Any]]:
    """Return the only output of a component that solves without errors."""
    (shown,) = results(name, *given, optional=optional, **extra)
    return shown


def show(value: Value) -> Any:
    match value:
        case float():
            return round(value, DIGITS)
        case rhino3dm.Point3d() | rhino3dm.Vector3d():
            return tuple(round(part, DIGITS) + 0.0 for part in (value.X, value.Y, value.Z))
        case Curve():
            return [show(point) for point in value.TryGetPolyline()[1]]
        case _:
            parts = parts_of(value)
            return tuple(show(part) for part in parts) if parts else value


def parts_of(value: Value) -> list[Value]:
    match value:
        case rhino3dm.Line():
            return [value.From, value.To]
        case rhino3dm.Plane():
            return [value.Origin, value.XAxis, value.YAxis]
        case Circle():
            return [value.Plane, value.Radius]
        case Rectangle():
            return [PolylineCurve(value.corners())]
        case _:
            return []


def point(x: float, y: float, z: float = 0) -> rhino3dm.Point3d:
    return rhino3dm.Point3d(x, y, z)


def vector(x: float, y: float, z: float = 0) -> rhino3dm.Vector3d:
    return rhino3dm.Vector3d(x, y, z)
