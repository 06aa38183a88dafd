"""A next version: what the version before says, as far as it fits the new document."""

import copy
from collections.abc import Sequence

from pydantic import JsonValue

from contracts.description.binding_types import input_types, output_types
from contracts.model import Contract, InputBinding, JsonObject, OutputBinding
from contracts.paths import Path
from contracts.stamping.documents import ContractDocuments, plugins_document
from contracts.stamping.draft import SourceFile
from contracts.stamping.inputs import input_members
from contracts.stamping.outputs import output_members


def carry_over(previous: Contract, manifest: JsonObject, source: SourceFile) -> ContractDocuments:
    """Documents of the next version, without examples (`carried_examples` makes them).

    Members, bindings and limits of parameters that are still there stay as they were; what the
    new document adds is stamped, and what it no longer has is dropped.

    Raises:
        StampingError: a new input is of a type that nothing can bind.
    """
    inputs_schema, inputs = _inputs(previous, source)
    outputs_schema, outputs = _outputs(previous, source)
    return ContractDocuments(
        inputs_schema=inputs_schema,
        outputs_schema=outputs_schema,
        bindings={"inputs": inputs, "outputs": outputs},
        manifest=_manifest(manifest, inputs_schema),
        plugins={**plugins_document(source.description), "engine": _engine(previous)},
    )


def _inputs(previous: Contract, source: SourceFile) -> tuple[JsonObject, list[JsonValue]]:
    exposed = {one.name: one for one in source.description.inputs}
    kept = [
        binding
        for binding in previous.bindings.inputs
        if binding.gh_param in exposed and binding.type in input_types(exposed[binding.gh_param])
    ]
    schema = copy.deepcopy(previous.inputs_schema)
    _drop_members(schema, {_top(b.jsonpath) for b in kept}, previous.bindings.inputs)
    bound = {binding.gh_param for binding in kept}
    fresh = [one for one in source.description.inputs if one.name not in bound]
    added = input_members(fresh, previous.manifest.units.length, _properties(schema))
    for member in added:
        _add_member(schema, member.name, member.schema, is_required=member.is_required)
    return schema, [*_as_json(kept), *(member.binding for member in added)]


def _outputs(previous: Contract, source: SourceFile) -> tuple[JsonObject, list[JsonValue]]:
    exposed = {one.name: one for one in source.description.outputs}
    kept = [
        binding
        for binding in previous.bindings.outputs
        if binding.gh_param in exposed and binding.type in output_types(exposed[binding.gh_param])
    ]
    schema = copy.deepcopy(previous.outputs_schema)
    _drop_members(schema, {_top(b.output_path) for b in kept}, previous.bindings.outputs)
    bound = {binding.gh_param for binding in previous.bindings.outputs}
    fresh = [one for one in source.description.outputs if one.name not in bound]
    gone = [b for b in previous.bindings.outputs if b not in kept]
    fresh += [exposed[b.gh_param] for b in gone if b.gh_param in exposed]
    added = output_members(source.document, fresh, _properties(schema))
    for member in added:
        described: JsonObject = {**member.schema, "description": member.description}
        _add_member(schema, member.name, described, is_required=True)
    return schema, [*_as_json(kept), *(member.binding for member in added)]


def _drop_members(
    schema: JsonObject, kept: set[str], bindings: Sequence[InputBinding | OutputBinding]
) -> None:
    """Remove the members that only bindings which are gone led to."""
    paths = [b.jsonpath if isinstance(b, InputBinding) else b.output_path for b in bindings]
    required = schema.get("required")
    for name in {_top(path) for path in paths} - kept:
        _properties(schema).pop(name, None)
        if isinstance(required, list) and name in required:
            required.remove(name)


def _add_member(schema: JsonObject, name: str, member: JsonObject, *, is_required: bool) -> None:
    _properties(schema)[name] = member
    required = schema.setdefault("required", [])
    if is_required and isinstance(required, list):
        required.append(name)


def _properties(schema: JsonObject) -> JsonObject:
    properties = schema.setdefault("properties", {})
    return properties if isinstance(properties, dict) else {}


def _top(path: str) -> str:
    return Path.parse(path).head[0]


def _as_json(bindings: Sequence[InputBinding | OutputBinding]) -> list[JsonValue]:
    return [binding.model_dump(mode="json", exclude_none=True) for binding in bindings]


def _engine(previous: Contract) -> JsonObject:
    return previous.plugins.engine.model_dump(mode="json")


def _manifest(manifest: JsonObject, inputs_schema: JsonObject) -> JsonObject:
    """The previous manifest; what speaks of an input that is gone is dropped."""
    known = _properties(inputs_schema)
    sampling = manifest.get("sampling")
    factors = sampling if isinstance(sampling, list) else []
    kept = [
        factor
        for factor in factors
        if isinstance(factor, dict)
        and all(_top(str(factor[key])) in known for key in ("path", "step") if factor.get(key))
    ]
    units = manifest.get("units")
    if isinstance(units, dict) and "crs" not in known:
        units = {**units, "crs_required": False}
    return {**manifest, "sampling": [*kept], "units": units}
