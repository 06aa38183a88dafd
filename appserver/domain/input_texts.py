"""One bound JSON value to the texts that the engine reads for its binding type.

Source: Rhino.Compute, `GrasshopperDefinition.SetInputs`: `data` is a string that holds JSON.
"""

import json
from itertools import groupby
from typing import assert_never

from pydantic import JsonValue

from appserver.domain.geometry import GeometryCodec, Point
from contracts.model import InputBinding

RAW_TEXT_MARK = "RH_IN"
"""Parameters of a group named like this read text as it stands; contextual ones read JSON."""


def input_texts(binding: InputBinding, value: JsonValue, codec: GeometryCodec) -> list[str]:
    """The texts of one branch: one for a value, one an entry for a list of plain values.

    Raises:
        ValueError: the value is not of the binding's type.
    """
    match binding.type:
        case "json_string":
            return [_text(binding, json.dumps(value, separators=(",", ":"), ensure_ascii=False))]
        case "string" | "number" | "integer" | "boolean":
            values = value if isinstance(value, list) else [value]
            return [_scalar(binding, entry) for entry in values]
        case "geometry.curve":
            return [codec.curve_text(_line(value))]
        case "geometry.point":
            return [_point_text(position) for position in _positions(value)]
        case "geometry.mesh":
            return [_mesh_text(value, codec)]
        case _:
            assert_never(binding.type)


def _scalar(binding: InputBinding, value: JsonValue) -> str:
    if binding.type == "string" and isinstance(value, str):
        return _text(binding, value)
    if binding.type == "boolean" and isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if binding.type == "number":
            return repr(float(value))
        if binding.type == "integer" and float(value).is_integer():
            # An Int32 parameter refuses "5.0".
            return str(int(value))
    raise ValueError(f"is not of type {binding.type}")


def _text(binding: InputBinding, text: str) -> str:
    return text if RAW_TEXT_MARK in binding.gh_param else json.dumps(text)


def _list(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, list):
        return value
    raise ValueError("is not a list of positions")


def _line(value: JsonValue) -> list[Point]:
    """The points of a polyline; a position repeated on the spot would make an invalid curve."""
    return [point for point, _ in groupby(_point(position) for position in _list(value))]


def _positions(value: JsonValue) -> list[JsonValue]:
    entries = _list(value)
    return entries if entries and isinstance(entries[0], list) else [entries]


def _point(position: JsonValue) -> Point:
    numbers = [
        float(entry)
        for entry in _list(position)
        if isinstance(entry, int | float) and not isinstance(entry, bool)
    ]
    if numbers != position or len(numbers) not in (2, 3):
        raise ValueError("has a position that is not [x, y] or [x, y, z]")
    return numbers[0], numbers[1], numbers[2] if len(numbers) == len("xyz") else 0.0


def _point_text(position: JsonValue) -> str:
    return json.dumps(dict(zip("XYZ", _point(position), strict=True)))


def _mesh_text(value: JsonValue, codec: GeometryCodec) -> str:
    if isinstance(value, dict):
        vertices = [_point(position) for position in _list(value.get("vertices"))]
        faces = [_face(face, len(vertices)) for face in _list(value.get("faces"))]
        return codec.mesh_text(vertices, faces)
    raise ValueError("is not a mesh {vertices, faces}")


def _face(face: JsonValue, vertex_count: int) -> list[int]:
    indices = [index for index in _list(face) if isinstance(index, int)]
    if indices != face or len(indices) not in (3, 4):
        raise ValueError("has a face that is not three or four vertex indices")
    if not all(0 <= index < vertex_count for index in indices):
        raise ValueError("has a face that names a missing vertex")
    return indices
