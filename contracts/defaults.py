"""Fill in what a schema declares as `default`, so that every input is sent on every solve."""

import copy
from typing import cast

from pydantic import JsonValue

from contracts.model import JsonObject


def with_defaults(schema: JsonObject, document: JsonObject) -> JsonObject:
    """`document` with its schema's default where a member is missing, at any depth.

    Follows `properties`, `items` and references inside the schema; a default may itself be
    completed by the defaults of its own members. The document stays as it was; what the schema
    says nothing about is in both.
    """
    return cast("JsonObject", _complete(schema, schema, document))


def _complete(root: JsonObject, schema: JsonValue, value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        completed = dict(value)
        for name, member in members(resolve(root, schema)):
            if name in completed:
                completed[name] = _complete(root, member, completed[name])
            elif (found := resolve(root, member)) and "default" in found:
                completed[name] = _complete(root, found, copy.deepcopy(found["default"]))
        return completed
    if isinstance(value, list) and isinstance(entries := resolve(root, schema).get("items"), dict):
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
