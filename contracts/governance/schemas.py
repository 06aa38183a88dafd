"""The schemas of a contract are themselves valid."""

from collections.abc import Iterator
from pathlib import Path

from jsonschema.exceptions import SchemaError
from pydantic import JsonValue

from contracts.finding import Finding
from contracts.paths import pointer_to
from contracts.validation import SchemaChecker

_REMEDY = "Mend the schema: JSON Schema 2020-12 (or draft-07), of type object."


def schema_findings(file: Path, schema: JsonValue) -> Iterator[Finding]:
    """What is wrong with one schema: its meta-schema, its type, its domain rules."""
    if not isinstance(schema, dict) or schema.get("type") != "object":
        message = "must be a schema of type object"
        yield Finding("schema_invalid", file, "/type", message, _REMEDY)
        return
    try:
        SchemaChecker(schema)
    except SchemaError as error:
        pointer = pointer_to(*error.absolute_path)
        yield Finding("schema_invalid", file, pointer, error.message, _REMEDY)
