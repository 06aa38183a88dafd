"""Values between a solve and its scripts, as JSON: text that cannot run anything when it is read.

Geometry that scripts meet often travels as numbers, the rest as openNURBS archives. An object no
other component could read, such as a dict, stays where it is; only its number travels.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import rhino3dm

from devstack.rhino_compute.matching import ValueList
from devstack.rhino_compute.rhino_geometry.archived import decode_geometry
from devstack.rhino_compute.rhino_geometry.curves import Curve, PolylineCurve
from devstack.rhino_compute.value_tree import ValueTree

Json = Any  # a JSON value
Hold = Callable[[object], Json]
Fetch = Callable[[int, str], object]


@dataclass(frozen=True, slots=True)
class Held:
    """An object that stayed in the scripts' process."""

    number: int
    type_name: str


def encode(value: object, hold: Hold) -> Json:
    """Return the JSON form; `hold` answers what stands for an object of no known kind."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case ValueList():
            return {"values": [encode(part, hold) for part in value.values]}
        case list():
            return {"list": [encode(part, hold) for part in cast("list[object]", value)]}
        case ValueTree():
            branches = [(path, value.branches[path]) for path in value.paths]
            return {"tree": [[path, [encode(v, hold) for v in found]] for path, found in branches]}
        case Held():
            return {"held": [value.number, value.type_name]}
        case _:
            return _encode_geometry(value, hold)


def decode(encoded: Json, fetch: Fetch) -> object:
    """Return the value; `fetch` answers the object with a number.

    Raises:
        ValueError, TypeError, KeyError: The other end broke the form.
    """
    if not isinstance(encoded, dict):
        return encoded
    ((kind, content),) = cast("dict[str, Json]", encoded).items()
    match kind:
        case "values":
            return ValueList([cast("Any", decode(part, fetch)) for part in content])
        case "list":
            return [decode(part, fetch) for part in content]
        case "tree":
            return ValueTree(
                {tuple(path): [cast("Any", decode(v, fetch)) for v in vs] for path, vs in content}
            )
        case "held":
            number, type_name = content
            return fetch(int(number), str(type_name))
        case _:
            return DECODERS[kind](content)


def _encode_geometry(value: object, hold: Hold) -> Json:
    if isinstance(value, Curve):
        kind = "polyline" if isinstance(value, PolylineCurve) else "curve"
        return {kind: [_xyz(point) for point in value.TryGetPolyline()[1]]}
    if isinstance(value, rhino3dm.GeometryBase):
        return {"archive": cast("Json", value.Encode())}
    return _encode_numbers(value) or hold(value)


def _encode_numbers(value: object) -> Json:
    match value:
        case rhino3dm.Point3d():
            return {"point": _xyz(value)}
        case rhino3dm.Vector3d():
            return {"vector": _xyz(value)}
        case rhino3dm.Line():
            return {"line": [_xyz(value.From), _xyz(value.To)]}
        case rhino3dm.Plane():
            return {"plane": [_xyz(value.Origin), _xyz(value.XAxis), _xyz(value.YAxis)]}
        case _:
            return None


def _xyz(point: rhino3dm.Point3d | rhino3dm.Vector3d) -> list[float]:
    return [point.X, point.Y, point.Z]


def _points(content: Json) -> list[rhino3dm.Point3d]:
    return [rhino3dm.Point3d(*point) for point in content]


def _plane(content: Json) -> rhino3dm.Plane:
    origin, x_axis, y_axis = content
    axes = rhino3dm.Vector3d(*x_axis), rhino3dm.Vector3d(*y_axis)
    return rhino3dm.Plane(rhino3dm.Point3d(*origin), *axes)


DECODERS: dict[str, Callable[[Json], object]] = {
    "point": lambda content: rhino3dm.Point3d(*content),
    "vector": lambda content: rhino3dm.Vector3d(*content),
    "line": lambda content: rhino3dm.Line(*_points(content)),
    "plane": _plane,
    "polyline": lambda content: PolylineCurve(_points(content)),
    "curve": lambda content: Curve(_points(content)),
    "archive": decode_geometry,
}
