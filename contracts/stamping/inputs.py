"""The inputs of a document as members of a contract."""

from collections.abc import Iterable

from pydantic import JsonValue

from contracts.description.binding_types import input_types
from contracts.description.description import DescribedInput
from contracts.errors import ContractViolationError
from contracts.model import BindingType, JsonObject
from contracts.stamping.errors import StampingError
from contracts.stamping.input_schemas import sample_value, takes_list, value_schema, whole
from contracts.stamping.member import InputMember, member_name
from contracts.validation import SchemaChecker

_NESTED = ("geometry.point", "geometry.curve")
"""Types whose value stands in an object {coordinates}, as in GeoJSON."""


def input_members(
    inputs: Iterable[DescribedInput], length: str, taken: Iterable[str] = ()
) -> list[InputMember]:
    """One member for each input.

    Args:
        inputs: of the document.
        length: the unit of coordinates.
        taken: member names that are not free.

    Raises:
        StampingError: an input is of a type that nothing can bind.
    """
    members: list[InputMember] = []
    for described in inputs:
        kinds = input_types(described)
        if not kinds:
            raise StampingError(
                f"input {described.name!r} is of type {described.type}, which no binding type"
                " carries; use a Number, Integer, Text, Boolean, Point, Curve or Mesh"
            )
        name = member_name(described.name, [*taken, *(member.name for member in members)])
        members.append(_member(described, kinds[0], name, length))
    return members


def _member(described: DescribedInput, kind: BindingType, name: str, length: str) -> InputMember:
    schema = value_schema(described, kind, length)
    sample = sample_value(described, kind)
    default = _default(described, kind, schema)
    description = described.hint or f"Sets the definition's {described.type} {described.name!r}."
    path = f"$.{name}"
    if kind in _NESTED:
        path, sample = f"{path}.coordinates", {"coordinates": sample}
        nested: JsonObject = {
            "type": "object",
            "additionalProperties": False,
            "required": ["coordinates"],
            "properties": {"coordinates": schema},
        }
        schema = nested
    schema = {**schema, "description": description}
    if default is not None:
        schema["default"] = default
    return InputMember(
        name, path, described.name, kind, schema, sample, default is None, description
    )


def _default(described: DescribedInput, kind: BindingType, schema: JsonObject) -> JsonValue:
    """What the document holds, where the schema accepts it; geometry has no default."""
    held = described.default
    if held is None or kind.startswith("geometry."):
        return None
    value: JsonValue = whole(held) if isinstance(held, float) else held
    if takes_list(described, kind) and not isinstance(value, list):
        value = [value]
    try:
        SchemaChecker(schema).check(value)
    except ContractViolationError:
        return None
    return value
