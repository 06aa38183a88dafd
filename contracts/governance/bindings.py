"""Bindings and schemas speak of the same members."""

from collections import Counter
from collections.abc import Iterator

from contracts.defaults import members, resolve
from contracts.model import Contract, JsonObject, OutputBinding
from contracts.paths import Path


def broken_bindings(contract: Contract) -> Iterator[str]:
    """One sentence for each binding that does not fit the contract's schemas.

    Every declared input must be bound (an unbound one would keep the previous caller's value in
    the engine), and every bound path must be declared.
    """
    yield from _unbound_inputs(contract)
    yield from _repeated_parameters(contract)
    for binding in contract.bindings.inputs:
        path = Path.parse(binding.jsonpath)
        schema = contract.inputs_schema
        if path.is_list or _find(schema, schema, path.head) is None:
            yield f"input {binding.jsonpath} is not declared in inputs.schema.json"
    for output in contract.bindings.outputs:
        if not _declares_output(contract.outputs_schema, output):
            yield f"output {output.output_path} is not declared in outputs.schema.json"
        if output.artifact is not None and output.output_path != "$.artifacts[*]":
            yield f"output {output.gh_param} is an artifact: its path must be $.artifacts[*]"


def _unbound_inputs(contract: Contract) -> Iterator[str]:
    bound = {Path.parse(binding.jsonpath).head[0] for binding in contract.bindings.inputs}
    for name, _ in members(contract.inputs_schema):
        if name not in bound:
            yield f"input $.{name} is declared in inputs.schema.json but not bound"


def _repeated_parameters(contract: Contract) -> Iterator[str]:
    for side in (contract.bindings.inputs, contract.bindings.outputs):
        counts = Counter(binding.gh_param for binding in side)
        for name, count in counts.items():
            if count > 1:
                yield f"parameter {name!r} is bound {count} times"


def _declares_output(schema: JsonObject, binding: OutputBinding) -> bool:
    path = Path.parse(binding.output_path)
    found = _find(schema, schema, path.head)
    if found is None or not path.is_list:
        return found is not None
    return _find(schema, resolve(schema, found.get("items")), path.tail) is not None


def _find(root: JsonObject, schema: JsonObject, names: tuple[str, ...]) -> JsonObject | None:
    """The schema of the member that `names` lead to, or None where a name is not declared."""
    for name in names:
        declared = dict(members(resolve(root, schema)))
        if name not in declared:
            return None
        schema = resolve(root, declared[name])
    return schema
