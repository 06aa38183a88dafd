"""Bindings name what the definition exposes, with a type that the engine reads."""

from collections.abc import Iterator, Sequence

from contracts.description.binding_types import input_types, output_types
from contracts.description.description import Description
from contracts.finding import Finding
from contracts.model import BindingType, Contract, InputBinding, OutputBinding
from contracts.paths import pointer_to


def definition_findings(contract: Contract, description: Description) -> Iterator[Finding]:
    """Every disagreement of the bindings with the document, and what the document itself breaks."""
    definition = contract.definition_file.path
    for found in description.findings:
        if found.code not in ("component_unknown", "plugin_needed"):
            remedy = "Mend the definition in Grasshopper, or build it anew."
            yield Finding(found.code, definition, "", found.message, remedy)
    inputs = {one.name: input_types(one) for one in description.inputs}
    outputs = {one.name: output_types(one) for one in description.outputs}
    yield from _mismatches(contract, "inputs", contract.bindings.inputs, inputs)
    yield from _mismatches(contract, "outputs", contract.bindings.outputs, outputs)
    bound = {binding.gh_param for binding in contract.bindings.inputs}
    for name in sorted(inputs.keys() - bound):
        yield Finding(
            "parameter_not_bound",
            contract.folder / "bindings.json",
            "/inputs",
            f"the definition's input {name!r} is not bound: it keeps what another caller sent",
            "Bind it; to hold it fixed, bind it to a member with `const` and an equal `default`.",
        )


def _mismatches(
    contract: Contract,
    side: str,
    bindings: Sequence[InputBinding | OutputBinding],
    exposed: dict[str, tuple[BindingType, ...]],
) -> Iterator[Finding]:
    file = contract.folder / "bindings.json"
    for place, binding in enumerate(bindings):
        name, kind = binding.gh_param, binding.type
        if name not in exposed:
            listed = ", ".join(sorted(exposed)) or "none"
            message = f"the definition exposes no {name!r} among its {side}: {listed}"
            pointer = pointer_to(side, place, "gh_param")
            remedy = "Correct the name, or expose the parameter in the definition."
            yield Finding("parameter_not_exposed", file, pointer, message, remedy)
        elif kind not in exposed[name]:
            fitting = ", ".join(exposed[name]) or "nothing that can be bound"
            message = f"{name!r} cannot carry {kind}; it carries {fitting}"
            remedy = "Use a type that fits, or change the parameter in the definition."
            yield Finding("parameter_type", file, pointer_to(side, place, "type"), message, remedy)
