"""Values between a solve and its scripts, as JSON: text that cannot run anything when it is read.

Geometry that scripts meet often travels as numbers, the rest as openNURBS archives. An object no
other component could read, such as a dict, stays where it is; only its number travels.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, cast, get_args

import rhino3dm

from devstack.rhino_compute.matching import ValueList
from devstack.rhino_compute.rhino_geometry.archived import decode_geometry, encode_geometry
from devstack.rhino_compute.rhino_geometry.curves import Curve
from devstack.rhino_compute.value_tree import Value, ValueTree

Json = Any  # a JSON value
Hold = Callable[[object], Json]
Fetch = Callable[[int, str], object]
CURVES = {kind.__name__: kind for kind in (Curve, *Curve.__subclasses__())}
SHAPES: dict[str, Callable[..., object]] = {
    kind.__name__: kind for kind in cast("tuple[type, ...]", get_args(Value)) if is_dataclass(kind)
}


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
    if kind in DECODERS:
        return DECODERS[kind](content)
    if kind == "held":
        number, type_name = content
        return fetch(int(number), str(type_name))
    return _decode_group(kind, content, fetch)


def _decode_group(kind: str, content: Json, fetch: Fetch) -> object:
    def parts(encoded: Json) -> list[Any]:
        return [decode(part, fetch) for part in encoded]

    match kind:
        case "list":
            return parts(content)
        case "values":
            return ValueList(parts(content))
        case "tree":
            return ValueTree({tuple(path): parts(values) for path, values in content})
        case "shape":
            name, members = content
            return SHAPES[name](*parts(members))
        case _:
            raise ValueError(kind)


def _encode_geometry(value: object, hold: Hold) -> Json:
    if isinstance(value, Curve):
        is_polyline, points = value.TryGetPolyline()
        if is_polyline and type(value).__name__ in CURVES:
            return {"curve": [type(value).__name__, [_xyz(point) for point in points]]}
    if isinstance(value, (Curve, rhino3dm.GeometryBase)):
        return {"archive": encode_geometry(value)[1]}
    if is_dataclass(value) and type(value).__name__ in SHAPES:
        members = [encode(getattr(value, member.name), hold) for member in fields(value)]
        return {"shape": [type(value).__name__, members]}
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


def _curve(content: Json) -> Curve:
    name, points = content
    return CURVES[name](_points(points))


def _plane(content: Json) -> rhino3dm.Plane:
    origin, x_axis, y_axis = content
    axes = rhino3dm.Vector3d(*x_axis), rhino3dm.Vector3d(*y_axis)
    return rhino3dm.Plane(rhino3dm.Point3d(*origin), *axes)


DECODERS: dict[str, Callable[[Json], object]] = {
    "point": lambda content: rhino3dm.Point3d(*content),
    "vector": lambda content: rhino3dm.Vector3d(*content),
    "line": lambda content: rhino3dm.Line(*_points(content)),
    "plane": _plane,
    "curve": _curve,
    "archive": decode_geometry,
}
