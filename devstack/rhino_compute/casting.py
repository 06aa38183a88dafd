"""Conversions between Grasshopper's types, as its parameters do them."""

import math
import re
from collections.abc import Callable

import rhino3dm

from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.rhino_geometry import planes, vectors
from devstack.rhino_compute.rhino_geometry.curves import (
    CircleCurve,
    Curve,
    LineCurve,
    PolylineCurve,
)
from devstack.rhino_compute.rhino_geometry.shapes import Circle, Colour, Interval, Rectangle
from devstack.rhino_compute.value_tree import Value

COORDINATE = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
INTERVAL = re.compile(rf"({COORDINATE.pattern})\s+to\s+({COORDINATE.pattern})", re.IGNORECASE)
PATH = re.compile(r"\{?\s*\d+(\s*;\s*\d+)*\s*\}?")
DIMENSIONS = 3
END_POINTS = 2


def cast_value(value: Value, type_name: str | None) -> Value:
    """Return the value as that type; None stays None, an unnamed type takes anything.

    Raises:
        SolveError: There is no such conversion.
    """
    caster = CASTERS.get(type_name or "")
    if value is None or caster is None:
        return value
    try:
        converted = caster(value)
    except (ValueError, OverflowError):
        converted = None
    if converted is None:
        source = type(value).__name__
        raise SolveError(f"Data conversion failed from {source} to {type_name}")
    return converted


def _number(value: Value) -> Value:
    return float(value) if isinstance(value, (bool, int, float, str)) else None


def _integer(value: Value) -> Value:
    number = _number(value)
    # .NET rounds halves to even, as Python does.
    return round(number) if isinstance(number, float) else None


def _boolean(value: Value) -> Value:
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower())
    return value != 0 if isinstance(value, (bool, int, float)) else None


def _text(value: Value) -> Value:
    match value:
        case float():
            return "NaN" if math.isnan(value) else f"{value:.15g}"
        case rhino3dm.Point3d() | rhino3dm.Vector3d():
            return "{" + ", ".join(f"{part:g}" for part in (value.X, value.Y, value.Z)) + "}"
        case bool() | int() | str():
            return str(value)
        case Interval():
            return f"{value.T0:g} To {value.T1:g}"
        case _:
            return None


def _point(value: Value) -> Value:
    match value:
        case rhino3dm.Point3d():
            return value
        case rhino3dm.Vector3d():
            return vectors.point(value.X, value.Y, value.Z)
        case rhino3dm.Plane():
            return value.Origin
        case str():
            parts = _coordinates(value)
            return vectors.point(*parts) if parts else None
        case _:
            return None


def _vector(value: Value) -> Value:
    match value:
        case rhino3dm.Vector3d():
            return value
        case rhino3dm.Point3d():
            return vectors.vector(value.X, value.Y, value.Z)
        case rhino3dm.Line():
            return vectors.difference(value.To, value.From)
        case rhino3dm.Plane():
            return value.ZAxis
        case str():
            parts = _coordinates(value)
            return vectors.vector(*parts) if parts else None
        case _:
            return None


def _coordinates(text: str) -> tuple[float, float, float] | None:
    parts = COORDINATE.findall(text)
    if len(parts) != DIMENSIONS:
        return None
    return float(parts[0]), float(parts[1]), float(parts[2])


def _plane(value: Value) -> Value:
    match value:
        case rhino3dm.Plane():
            return value
        case rhino3dm.Point3d():
            return planes.world_xy(value)
        case Circle() | Rectangle():
            return value.Plane
        case _:
            return None


def _line(value: Value) -> Value:
    match value:
        case rhino3dm.Line():
            return value
        case Curve() if len(value.TryGetPolyline()[1]) == END_POINTS:
            return rhino3dm.Line(value.PointAtStart, value.PointAtEnd)
        case _:
            return None


def _curve(value: Value) -> Value:
    match value:
        case Curve():
            return value
        case rhino3dm.Line():
            return LineCurve([value.From, value.To])
        case Circle():
            return CircleCurve(value)
        case Rectangle():
            return PolylineCurve(value.corners())
        case _:
            return None


def _circle(value: Value) -> Value:
    return value.circle if isinstance(value, CircleCurve) else value


def _interval(value: Value) -> Value:
    match value:
        case Interval():
            return value
        case bool():
            return None
        case int() | float():
            return Interval(0.0, float(value))
        case str():
            parts = INTERVAL.fullmatch(value.strip())
            return Interval(float(parts[1]), float(parts[2])) if parts else None
        case _:
            return None


def _path(value: Value) -> Value:
    """Return a branch path as its text: {0;1}."""
    if isinstance(value, (int, float)):
        return f"{{{int(value)}}}"
    return value if isinstance(value, str) and PATH.fullmatch(value.strip()) else None


def _only(*kinds: type) -> Callable[[Value], Value]:
    return lambda value: value if isinstance(value, kinds) else None


def _geometry(value: Value) -> Value:
    no_geometry = (bool, int, float, str, Interval, Colour)
    return None if isinstance(value, no_geometry) else value


CASTERS: dict[str, Callable[[Value], Value]] = {
    "Number": _number,
    "Integer": _integer,
    "Boolean": _boolean,
    "Text": _text,
    "Point": _point,
    "Vector": _vector,
    "Plane": _plane,
    "Line": _line,
    "Curve": _curve,
    "Circle": lambda value: _only(Circle)(_circle(value)),
    "Rectangle": _only(Rectangle),
    "Mesh": _only(rhino3dm.Mesh),
    "Brep": _only(rhino3dm.Brep),
    "Domain": _interval,
    "Path": _path,
    "Colour": _only(Colour),
    "Geometry": _geometry,
}
