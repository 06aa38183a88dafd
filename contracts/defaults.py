"""Fill in what a schema declares as `default`, so that every input is sent on every solve."""

import copy
from typing import cast

from pydantic import JsonValue

from contracts.model import JsonObject


def with_defaults(schema: JsonObject, document: JsonObject) -> JsonObject:
    """A copy of `document` in which missing members have their schema's default, at any depth.

    Follows `properties`, `items` and references inside the schema; a default may itself be
    completed by the defaults of its own members.
    """
    completed = _complete(schema, schema, copy.deepcopy(document))
    return cast("JsonObject", completed)


def _complete(root: JsonObject, schema: JsonValue, value: JsonValue) -> JsonValue:
    schema = resolve(root, schema)
    if isinstance(value, dict):
        for name, member in members(schema):
            if name in value:
                value[name] = _complete(root, member, value[name])
            elif (found := resolve(root, member)) and "default" in found:
                value[name] = _complete(root, found, copy.deepcopy(found["default"]))
    elif isinstance(value, list) and isinstance(entries := schema.get("items"), dict):
        return [_complete(root, entries, entry) for entry in value]
    return value


def members(schema: JsonObject) -> list[tuple[str, JsonValue]]:
    """The declared members of an object schema."""
    declared = schema.get("properties")
    return list(declared.items()) if isinstance(declared, dict) else []


def resolve(root: JsonObject, schema: JsonValue) -> JsonObject:
    """Follow a local `$ref` (`#/...`); a boolean schema has no members."""
    if not isinstance(schema, dict):
        return {}
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return schema
    found: JsonValue = root
    for token in reference[2:].split("/"):
        if not isinstance(found, dict):
            return {}
        found = found.get(token.replace("~1", "/").replace("~0", "~"))
    merged = {name: member for name, member in schema.items() if name != "$ref"}
    return resolve(root, found) | merged
