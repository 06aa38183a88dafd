"""Whether a contract's outputs can have a number at a path."""

from pydantic import JsonValue

from contracts.model import JsonObject
from functions.domain.study_path import ValuePath

_NUMBERS = frozenset({"number", "integer"})


def objective_fault(schema: JsonObject, path: ValuePath) -> str | None:
    """Why no number can stand there; None when one can, or the schema does not say."""
    here: JsonValue = schema
    for step in path.steps:
        here = _below(_resolved(schema, here), step)
        if here is None:
            return f"The outputs have no {path.text}."
    kind = _resolved(schema, here).get("type")
    kinds = set(map(str, kind)) if isinstance(kind, list) else {str(kind)} if kind else set[str]()
    if kinds and not kinds & _NUMBERS:
        return f"{path.text} of the outputs is no number."
    return None


def _below(here: JsonObject, step: str | int) -> JsonValue:
    """The schema of a member or an entry; None where there can be none."""
    if isinstance(step, int):
        if here.get("type") not in ("array", None):
            return None
        items = here.get("items", {})
        return items if isinstance(items, dict) else {}
    if here.get("type") not in ("object", None):
        return None
    members = here.get("properties")
    if isinstance(members, dict) and step in members:
        return members[step]
    return None if here.get("additionalProperties") is False else {}


def _resolved(root: JsonObject, schema: JsonValue) -> JsonObject:
    """The schema that a reference into the same document means."""
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    if isinstance(reference, str) and reference.startswith("#/"):
        found: JsonValue = root
        for token in reference[2:].split("/"):
            found = found.get(token) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}
    return schema if isinstance(schema, dict) else {}
