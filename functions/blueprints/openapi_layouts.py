"""Schemas of the layouts' own paths, typed by the contracts of their app."""

from typing import cast, get_args

from pydantic import JsonValue

from contracts.model import JsonObject
from functions.domain.layout_resource import FIGURES, LAYOUTS, LayoutStatus

_TEXT: JsonObject = {"type": "string"}
_ID: JsonObject = {"type": "string", "format": "uuid"}
_AT: JsonObject = {"type": "string", "format": "date-time"}
_AT_OR_NULL: JsonObject = {"type": ["string", "null"], "format": "date-time"}
_OUTPUTS = f"Outputs_{LAYOUTS}_"
_OWN: JsonObject = {"layout_id": _ID, "status": {"const": "completed"}}


def layout_schemas(schemas: JsonObject) -> JsonObject:
    """`LayoutState`, `Layout` and `LayoutOrState`, given those of the app's contracts."""
    outputs = [schema for name, schema in schemas.items() if name.startswith(_OUTPUTS)]
    layouts = [_under_its_name(cast("JsonObject", schema)) for schema in outputs]
    figures: JsonObject = {name: {"type": "number", "minimum": 0} for name in FIGURES}
    state: JsonObject = {
        "type": "object",
        "required": ["layout_id", "status", "error_message", "created_at", "ended_at", "links"],
        "properties": {
            "layout_id": _ID,
            "status": {"enum": [*get_args(LayoutStatus)]},
            "error_message": {"type": ["string", "null"], "description": "Why it failed."},
            "created_at": _AT,
            "ended_at": _AT_OR_NULL,
            "links": {"type": "object", "additionalProperties": _TEXT},
            **figures,
        },
    }
    either: list[JsonValue] = [*layouts, state]
    return {
        "LayoutState": state,
        "Layout": {"anyOf": [*layouts]},
        "LayoutOrState": {"anyOf": either},
    }


def _under_its_name(outputs: JsonObject) -> JsonObject:
    properties = cast("JsonObject", outputs["properties"])
    required = cast("list[JsonValue]", outputs["required"])
    named: JsonObject = {"properties": _OWN | properties, "required": [*_OWN, *required]}
    return outputs | named
