"""Conversions between Grasshopper's types, as its parameters do them."""

import math
import re
from collections.abc import Callable

import rhino3dm

from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.rhino_geometry.curves import Curve
from devstack.rhino_compute.value_tree import Value

COORDINATE = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
DIMENSIONS = 3


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
        case _:
            return None


def _point(value: Value) -> Value:
    if isinstance(value, str):
        parts = COORDINATE.findall(value)
        if len(parts) == DIMENSIONS:
            return rhino3dm.Point3d(float(parts[0]), float(parts[1]), float(parts[2]))
    return value if isinstance(value, rhino3dm.Point3d) else None


def _curve(value: Value) -> Value:
    if isinstance(value, rhino3dm.Line):
        return Curve([value.From, value.To])
    return value if isinstance(value, Curve) else None


def _geometry(value: Value) -> Value:
    return None if isinstance(value, (bool, int, float, str)) else value


CASTERS: dict[str, Callable[[Value], Value]] = {
    "Number": _number,
    "Integer": _integer,
    "Boolean": _boolean,
    "Text": _text,
    "Point": _point,
    "Curve": _curve,
    "Geometry": _geometry,
}
