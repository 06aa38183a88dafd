"""Bindings and schemas speak of the same members, and nothing is ever left unsent."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path as FilePath
from typing import Literal

from contracts.defaults import members, resolve
from contracts.finding import Finding
from contracts.model import Contract, InputBinding, JsonObject, OutputBinding
from contracts.paths import Path, pointer_to

Side = Literal["inputs", "outputs"]


def binding_findings(contract: Contract) -> Iterator[Finding]:
    """Every binding that does not fit the contract's schemas.

    Every declared input must be bound and always have a value: the engine keeps the previous
    caller's value of a parameter that a request leaves out.
    """
    file = contract.folder / "bindings.json"
    yield from _unbound_members(contract)
    yield from _repeated_parameters(file, "inputs", contract.bindings.inputs)
    yield from _repeated_parameters(file, "outputs", contract.bindings.outputs)
    for place, binding in enumerate(contract.bindings.inputs):
        yield from _input_findings(contract, binding, (file, place))
    for place, output in enumerate(contract.bindings.outputs):
        yield from _output_findings(contract, output, (file, place))


def _unbound_members(contract: Contract) -> Iterator[Finding]:
    bound = {Path.parse(binding.jsonpath).head[0] for binding in contract.bindings.inputs}
    for name, _ in members(contract.inputs_schema):
        if name not in bound:
            yield Finding(
                "input_not_bound",
                contract.folder / "inputs.schema.json",
                pointer_to("properties", name),
                f"$.{name} is declared but not bound: a request could set what nothing reads",
                "Bind it in bindings.json, or remove it from the schema.",
            )


def _repeated_parameters(
    file: FilePath, side: Side, bindings: Sequence[InputBinding | OutputBinding]
) -> Iterator[Finding]:
    counts = Counter(binding.gh_param for binding in bindings)
    for place, binding in enumerate(bindings):
        if counts.pop(binding.gh_param, 0) > 1:
            yield Finding(
                "parameter_repeated",
                file,
                pointer_to(side, place, "gh_param"),
                f"parameter {binding.gh_param!r} is bound more than once",
                "Keep one binding for each parameter.",
            )


def _input_findings(
    contract: Contract, binding: InputBinding, where: tuple[FilePath, int]
) -> Iterator[Finding]:
    file, place = where
    path, schema = Path.parse(binding.jsonpath), contract.inputs_schema
    pointer = pointer_to("inputs", place, "jsonpath")
    if path.is_list or find_member(schema, path.head) is None:
        message = f"input {binding.jsonpath} is not declared in inputs.schema.json"
        remedy = "Correct the path, or declare the member."
        yield Finding("path_not_declared", file, pointer, message, remedy)
    elif not _always_has_a_value(schema, path.head):
        message = f"input {binding.jsonpath} is neither required nor has a default"
        remedy = "Make it required, or give it a default: a missing value is never sent."
        yield Finding("input_may_be_unsent", file, pointer, message, remedy)


def _output_findings(
    contract: Contract, binding: OutputBinding, where: tuple[FilePath, int]
) -> Iterator[Finding]:
    file, place = where
    pointer = pointer_to("outputs", place, "output_path")
    if not _declares_output(contract.outputs_schema, binding):
        message = f"output {binding.output_path} is not declared in outputs.schema.json"
        remedy = "Correct the path, or declare the member."
        yield Finding("path_not_declared", file, pointer, message, remedy)
    if binding.makes_files and binding.output_path != "$.artifacts[*]":
        message = f"output {binding.gh_param} makes artifacts: their path must be $.artifacts[*]"
        yield Finding("artifact_path", file, pointer, message, "Use $.artifacts[*].")


def _declares_output(schema: JsonObject, binding: OutputBinding) -> bool:
    path = Path.parse(binding.output_path)
    found = find_member(schema, path.head)
    if found is None or not path.is_list:
        return found is not None
    return find_member(schema, path.tail, resolve(schema, found.get("items"))) is not None


def _always_has_a_value(root: JsonObject, names: Sequence[str]) -> bool:
    schema = root
    for name in names:
        required = schema.get("required")
        member = find_member(root, [name], schema)
        is_required = isinstance(required, list) and name in required
        if member is None or not (is_required or "default" in member):
            return False
        schema = member
    return True


def find_member(
    root: JsonObject, names: Sequence[str], schema: JsonObject | None = None
) -> JsonObject | None:
    """The schema of the member that `names` lead to, or None where a name is not declared."""
    schema = root if schema is None else schema
    for name in names:
        declared = dict(members(resolve(root, schema)))
        if name not in declared:
            return None
        schema = resolve(root, declared[name])
    return schema
