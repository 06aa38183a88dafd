"""Values as Rhino.Compute answers them: `data` is a string that holds .NET's JSON text.

Source: Rhino.Compute, `ResthopperObject`, written by Newtonsoft.Json.
"""

import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import rhino3dm

from devstack.rhino_compute.rhino_geometry.archived import encode_geometry
from devstack.rhino_compute.rhino_geometry.curves import Curve
from devstack.rhino_compute.rhino_geometry.shapes import Circle, Interval, Rectangle
from devstack.rhino_compute.value_tree import Value, ValueTree, path_text

FIRST_EXPONENT = 15  # .NET writes 1E+15
LAST_SMALL_EXPONENT = -5  # .NET writes 1E-05
ESCAPED = re.compile("[\x85\u2028\u2029]")


def number_text(value: float) -> str:
    """Write a System.Double: shortest text that reads back, always with a point or an E."""
    if math.isnan(value):
        return '"NaN"'
    if math.isinf(value):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    exact = Decimal(repr(value)).normalize()
    if not LAST_SMALL_EXPONENT < exact.adjusted() < FIRST_EXPONENT:
        return _exponent_text(exact)
    text = format(exact, "f")
    return text if "." in text else f"{text}.0"


def _exponent_text(exact: Decimal) -> str:
    if not exact:
        return "-0.0" if exact.is_signed() else "0.0"
    sign, digits, _ = exact.as_tuple()
    lead, rest = str(digits[0]), "".join(map(str, digits[1:]))
    exponent = exact.adjusted()
    mantissa = f"{'-' if sign else ''}{lead}{'.' if rest else ''}{rest}"
    return f"{mantissa}E{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def string_text(value: str) -> str:
    """Write a System.String as Newtonsoft does."""
    text = json.dumps(value, ensure_ascii=False)
    return ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def encode_value(value: Value) -> dict[str, str] | None:
    """Return the typed JSON text of one value.

    None stands for what answers leave out: nulls, domains, colours and transformations.
    """
    match value:
        case None:
            return None
        case bool():
            return _typed("System.Boolean", "true" if value else "false")
        case int():
            return _typed("System.Int32", str(value))
        case float():
            return _typed("System.Double", number_text(value))
        case str():
            return _typed("System.String", string_text(value))
        case _:
            return _encode_geometry(value)


def encode_tree(name: str, tree: ValueTree) -> dict[str, object]:
    """Return one output; nulls vanish from their branches."""
    inner: dict[str, list[dict[str, str]]] = {}
    for path in tree.paths:
        encoded = [encode_value(value) for value in tree.branches[path]]
        inner[path_text(path)] = [value for value in encoded if value is not None]
    return {"ParamName": name, "InnerTree": inner}


def _encode_geometry(value: Value) -> dict[str, str] | None:
    if isinstance(value, (Curve, rhino3dm.GeometryBase)):
        type_name, archived = encode_geometry(value)
        return _typed(type_name, json.dumps(archived, separators=(",", ":")))
    for kind, type_name, write in STRUCTURES:
        if isinstance(value, kind):
            return _typed(f"Rhino.Geometry.{type_name}", write(value))
    return None


def _typed(type_name: str, text: str) -> dict[str, str]:
    return {"type": type_name, "data": text}


def _xyz(point: rhino3dm.Point3d | rhino3dm.Vector3d) -> str:
    x, y, z = (number_text(part) for part in (point.X, point.Y, point.Z))
    return f'{{"X":{x},"Y":{y},"Z":{z}}}'


def _plane(plane: rhino3dm.Plane) -> str:
    parts = ("Origin", plane.Origin), ("XAxis", plane.XAxis), ("YAxis", plane.YAxis)
    written = [f'"{name}":{_xyz(point)}' for name, point in (*parts, ("ZAxis", plane.ZAxis))]
    return "{" + ",".join(written) + "}"


def _circle(circle: Circle) -> str:
    parts = (
        ("Radius", number_text(circle.Radius)),
        ("Plane", _plane(circle.Plane)),
        ("Center", _xyz(circle.Center)),
        ("Normal", _xyz(circle.Plane.ZAxis)),
    )
    return "{" + ",".join(f'"{name}":{text}' for name, text in parts) + "}"


def _rectangle(rectangle: Rectangle) -> str:
    """Write the members that define a rectangle; Rhino's own text adds derived ones."""
    parts = (
        ("Plane", _plane(rectangle.Plane)),
        ("Width", number_text(rectangle.Width)),
        ("Height", number_text(rectangle.Height)),
        ("X", _interval(rectangle.X)),
        ("Y", _interval(rectangle.Y)),
    )
    return "{" + ",".join(f'"{name}":{text}' for name, text in parts) + "}"


def _interval(interval: Interval) -> str:
    return f'{{"T0":{number_text(interval.T0)},"T1":{number_text(interval.T1)}}}'


def _line(line: rhino3dm.Line) -> str:
    return f'{{"From":{_xyz(line.From)},"To":{_xyz(line.To)}}}'


STRUCTURES: tuple[tuple[type, str, Callable[[Any], str]], ...] = (
    (rhino3dm.Point3d, "Point3d", _xyz),
    (rhino3dm.Vector3d, "Vector3d", _xyz),
    (rhino3dm.Line, "Line", _line),
    (rhino3dm.Plane, "Plane", _plane),
    (Circle, "Circle", _circle),
    (Rectangle, "Rectangle3d", _rectangle),
)
"""Values written member by member, with the name of their .NET type."""
