"""One text of the engine's answer to the JSON value of its binding type.

The engine prints numbers as text where a Context Print component carries them, so a value is read
by its binding and not by the type name beside it.
"""

import json
import math
from collections.abc import Callable

from pydantic import JsonValue

from contracts.errors import JsonTextError
from contracts.json_text import MAX_SAFE_INTEGER, parse_json
from contracts.model import OutputType

_BOOLEANS = {"true": True, "false": False}


def output_value(kind: OutputType, text: str) -> JsonValue:
    """Read one text.

    Raises:
        ValueError: the text is no value of this type; the message names the type only.
    """
    return _READERS[kind](text)


def _decoded(text: str) -> JsonValue:
    """The JSON value in the text; text that is no JSON stands for itself."""
    try:
        return parse_json(text)
    except JsonTextError:
        return text


def _parsed(text: str) -> JsonValue:
    try:
        return parse_json(text)
    except JsonTextError as error:
        raise ValueError(f"is not JSON text: {error.message}") from error


def _string(text: str) -> JsonValue:
    value = _decoded(text)
    return value if isinstance(value, str) else text


def _json_string(text: str) -> JsonValue:
    value = _decoded(text)
    return _parsed(value) if isinstance(value, str) else value


def _read_number(text: str) -> JsonValue:
    return _number(_decoded(text))


def _number(value: JsonValue) -> float:
    if isinstance(value, str):
        value = float(value) if _is_plain(value) else math.nan
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("is not a finite number")
    return value


def _is_plain(text: str) -> bool:
    """Whether `float` reads the text as .NET printed it: no underscores, no exotic digits."""
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii() and "_" not in text


def _integer(text: str) -> JsonValue:
    number = _number(_decoded(text))
    if not float(number).is_integer() or abs(number) > MAX_SAFE_INTEGER:
        raise ValueError("is not an integer within 2^53-1")
    return int(number)


def _boolean(text: str) -> JsonValue:
    value = _decoded(text)
    if isinstance(value, str):
        value = _BOOLEANS.get(value.lower())
    if isinstance(value, bool):
        return value
    raise ValueError("is not a boolean")


def _point(text: str) -> JsonValue:
    value = _decoded(text)
    if not isinstance(value, dict) or not {"X", "Y", "Z"} <= value.keys():
        raise ValueError("is not a point")
    return [_number(value[axis]) for axis in "XYZ"]


def _encoded_object(text: str) -> JsonValue:
    """An encoded Rhino object stays as it is: rhino3dm reads it in every language."""
    value = _json_string(text)
    if not isinstance(value, dict) or "data" not in value:
        raise ValueError("is not an encoded Rhino object")
    return value


_READERS: dict[OutputType, Callable[[str], JsonValue]] = {
    "string": _string,
    "json_string": _json_string,
    "number": _read_number,
    "integer": _integer,
    "boolean": _boolean,
    "geometry.point": _point,
    "geometry.curve": _encoded_object,
    "geometry.mesh": _encoded_object,
}


def artifact_text(text: str) -> str:
    """The contents of an artifact: a JSON string is unwrapped, any other text stands for itself."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return text
    return value if isinstance(value, str) else text
