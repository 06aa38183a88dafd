"""The schema of a stamped input, by the type of its binding."""

import math

from pydantic import JsonValue

from contracts.description.describe import UNBOUNDED_INT
from contracts.description.description import DescribedInput
from contracts.model import BindingType, JsonObject

MAX_ENTRIES = 10_000
MAX_TEXT = 10_000
_SQUARE: list[JsonValue] = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
_CORNERS: list[JsonValue] = [[0, 0, 0], [10, 0, 0], [0, 10, 0]]


def takes_list(described: DescribedInput, kind: BindingType) -> bool:
    """Whether a request sends a list of values; a curve, mesh or JSON text is always one.

    A grouped parameter states no count: it takes a list where the document holds several values.
    """
    if kind in ("json_string", "geometry.curve", "geometry.mesh"):
        return False
    if described.is_contextual:
        return described.at_most > 1
    held = described.default if isinstance(described.default, list) else []
    return len(held) > 1 and (kind != "geometry.point" or isinstance(held[0], list))


def value_schema(described: DescribedInput, kind: BindingType, length: str) -> JsonObject:
    """The schema of the value that is bound, without description and default."""
    one = _one(described, kind, length)
    if not takes_list(described, kind):
        return one
    most = MAX_ENTRIES if described.at_most == UNBOUNDED_INT else described.at_most
    return {
        "type": "array",
        "minItems": max(1, min(described.at_least, most)),
        "maxItems": most,
        "items": one,
    }


def sample_value(described: DescribedInput, kind: BindingType) -> JsonValue:
    """A value that the schema accepts: what the document holds, else a plain one."""
    if not takes_list(described, kind):
        return _sample(described, kind)
    if isinstance(described.default, list) and kind != "geometry.point":
        return described.default
    if kind == "geometry.point":
        return (_CORNERS * described.at_least)[: max(len(_CORNERS), described.at_least)][
            : described.at_most
        ]
    return [_sample(described, kind)] * max(1, min(described.at_least, MAX_ENTRIES))


def _one(described: DescribedInput, kind: BindingType, length: str) -> JsonObject:
    match kind:
        case "number" | "integer":
            return _number(described, kind)
        case "boolean":
            return {"type": "boolean"}
        case "string" | "json_string":
            return {"type": "string", "maxLength": MAX_TEXT}
        case "geometry.point":
            return _position(length)
        case "geometry.curve":
            entries = {"minItems": 2, "maxItems": MAX_ENTRIES, "items": _position(length)}
            told = "Points of a polyline; repeat the first one at the end to close it."
            return {"type": "array", "description": told, **entries}
        case "geometry.mesh":
            return _mesh(length)


def _number(described: DescribedInput, kind: BindingType) -> JsonObject:
    low, high = described.minimum, described.maximum
    if kind == "integer":
        return {
            "type": "integer",
            "minimum": -UNBOUNDED_INT - 1 if low is None else math.ceil(low),
            "maximum": UNBOUNDED_INT if high is None else math.floor(high),
        }
    ends = {"minimum": low, "maximum": high}
    return {
        "type": "number",
        **{name: whole(end) for name, end in ends.items() if end is not None},
    }


def whole(value: float) -> JsonValue:
    """Write 5.0 as 5: the same number, easier to read."""
    return int(value) if value.is_integer() and abs(value) < UNBOUNDED_INT else value


def _position(length: str) -> JsonObject:
    return {
        "type": "array",
        "description": f"[x, y] or [x, y, z] in {length}.",
        "minItems": 2,
        "maxItems": 3,
        "items": {"type": "number", "minimum": -1e8, "maximum": 1e8},
    }


def _mesh(length: str) -> JsonObject:
    corner: JsonObject = {"type": "integer", "minimum": 0}
    face: JsonObject = {"type": "array", "minItems": 3, "maxItems": 4, "items": corner}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["vertices", "faces"],
        "properties": {
            "vertices": {
                "type": "array",
                "minItems": 3,
                "maxItems": MAX_ENTRIES,
                "items": _position(length),
            },
            "faces": {
                "type": "array",
                "description": "Three or four places in `vertices`, from 0.",
                "minItems": 1,
                "maxItems": MAX_ENTRIES,
                "items": face,
            },
        },
    }


def _sample(described: DescribedInput, kind: BindingType) -> JsonValue:
    held = None if isinstance(described.default, list) else described.default
    match kind:
        case "number" | "integer":
            return _number_sample(described, kind, held)
        case "boolean":
            return held if isinstance(held, bool) else True
        case "string" | "json_string":
            return held if isinstance(held, str) else "text"
        case "geometry.point":
            return [0, 0, 0]
        case "geometry.curve":
            return _SQUARE
        case "geometry.mesh":
            return {"vertices": _CORNERS, "faces": [[0, 1, 2]]}


def _number_sample(described: DescribedInput, kind: BindingType, held: JsonValue) -> JsonValue:
    low = -math.inf if described.minimum is None else described.minimum
    high = math.inf if described.maximum is None else described.maximum
    wanted = float(held) if isinstance(held, int | float) else 1.0
    value = min(max(wanted, low), high)
    return math.ceil(value) if kind == "integer" else whole(value)
