"""Values of a request. The parameter decides the type; the request's own `type` is ignored.

Source: Rhino.Compute, `GrasshopperDefinition.SetInputs`.
"""

import json
import re
from collections.abc import Callable
from typing import Any, cast

import rhino3dm

from devstack.rhino_compute.errors import MalformedRequestError, UnsupportedError
from devstack.rhino_compute.rhino_geometry.archived import decode_geometry
from devstack.rhino_compute.rhino_geometry.curves import PolylineCurve
from devstack.rhino_compute.rhino_geometry.shapes import Circle, Interval, Rectangle
from devstack.rhino_compute.value_tree import Value

Json = Any  # decoded JSON, before its shape is checked
WHOLE = re.compile(r"[+-]?\d+")


def decode_value(text: str | None, type_name: str, *, is_json: bool) -> Value:
    """Return the value that `data` holds for a parameter of that type.

    Raises:
        MalformedRequestError: The text does not fit; Rhino.Compute would not catch this either.
        UnsupportedError: Parameters of this type are not evaluated here.
    """
    if text is None:
        raise MalformedRequestError("a value has no data")
    if type_name == "Text":
        return _json_text(text) if is_json else text
    decode = DECODERS.get(type_name)
    if decode is None:
        raise UnsupportedError(f"inputs of type {type_name} are not supported")
    try:
        return decode(json.loads(text))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise MalformedRequestError(f"'{text[:60]}' is not a {type_name}: {error}") from error


def _json_text(text: str) -> str:
    try:
        value: object = json.loads(text)
    except ValueError:
        # Anything but a JSON text goes through Regex.Unescape.
        return re.sub(r"\\(.)", r"\1", text)
    return value if isinstance(value, str) else text


def _number(value: Json) -> float:
    return float(value)


def _integer(value: Json) -> int:
    # Newtonsoft refuses "5.0" for an Int32.
    if isinstance(value, bool) or not WHOLE.fullmatch(str(value)):
        raise ValueError("not an integer")
    return int(value)


def _boolean(value: Json) -> bool:
    text = str(value).lower()
    if text not in ("true", "false", "1", "0"):
        raise ValueError("not a boolean")
    return text in ("true", "1")


def _point(value: Json) -> rhino3dm.Point3d:
    return rhino3dm.Point3d(float(value["X"]), float(value["Y"]), float(value["Z"]))


def _vector(value: Json) -> rhino3dm.Vector3d:
    return rhino3dm.Vector3d(float(value["X"]), float(value["Y"]), float(value["Z"]))


def _line(value: Json) -> rhino3dm.Line:
    return rhino3dm.Line(_point(value["From"]), _point(value["To"]))


def _plane(value: Json) -> rhino3dm.Plane:
    axes = _vector(value["XAxis"]), _vector(value["YAxis"])
    return rhino3dm.Plane(_point(value["Origin"]), *axes)


def _circle(value: Json) -> Circle:
    return Circle(_plane(value["Plane"]), float(value["Radius"]))


def _rectangle(value: Json) -> Rectangle:
    x, y = (Interval(float(value[s]["T0"]), float(value[s]["T1"])) for s in ("X", "Y"))
    return Rectangle(_plane(value["Plane"]), x, y)


def _geometry(value: Json) -> Value:
    if not isinstance(value, dict):
        raise TypeError("not an archived object")
    return decode_geometry(cast("dict[str, Any]", value))


def _curve(value: Json) -> Value:
    if isinstance(value, list):
        return PolylineCurve(_point(point) for point in cast("list[Any]", value))
    return _geometry(value)


DECODERS: dict[str, Callable[[Any], Value]] = {
    "Number": _number,
    "Integer": _integer,
    "Boolean": _boolean,
    "Point": _point,
    "Vector": _vector,
    "Line": _line,
    "Plane": _plane,
    "Curve": _curve,
    "Circle": _circle,
    "Rectangle": _rectangle,
    "Mesh": _geometry,
    "Brep": _geometry,
    "Geometry": _geometry,
}
