"""Values as Rhino.Compute answers them: `data` is a string that holds .NET's JSON text.

Source: Rhino.Compute, `ResthopperObject`, written by Newtonsoft.Json.
"""

import json
import math
import re
from decimal import Decimal

import rhino3dm

from devstack.rhino_compute.rhino_geometry.archived import encode_geometry
from devstack.rhino_compute.rhino_geometry.curves import Curve
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
    """Return the typed JSON text of one value; None for what answers leave out."""
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
    match value:
        case rhino3dm.Point3d():
            return _typed("Rhino.Geometry.Point3d", _xyz(value))
        case rhino3dm.Vector3d():
            return _typed("Rhino.Geometry.Vector3d", _xyz(value))
        case rhino3dm.Line():
            text = f'{{"From":{_xyz(value.From)},"To":{_xyz(value.To)}}}'
            return _typed("Rhino.Geometry.Line", text)
        case rhino3dm.Plane():
            return _typed("Rhino.Geometry.Plane", _plane(value))
        case Curve() | rhino3dm.GeometryBase():
            type_name, archived = encode_geometry(value)
            return _typed(type_name, json.dumps(archived, separators=(",", ":")))
        case _:
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
