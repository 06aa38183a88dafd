"""The answer of `/io`: a definition's inputs and outputs, top to bottom on its canvas.

Source: Rhino.Compute, `GetIoNames` and `IoParamSchema`.
"""

from contracts.grasshopper.exposure import ExposedParameter, input_limits
from devstack.rhino_compute.definition import Definition
from devstack.rhino_compute.encoding import encode_tree
from devstack.rhino_compute.solution import Solution
from devstack.rhino_compute.value_tree import ValueTree


def describe_definition(key: str, definition: Definition) -> dict[str, object]:
    """Return the members of the answer."""
    solution = Solution(definition, {})
    inputs = _by_height(definition.exposure.inputs)
    outputs = _by_height(definition.exposure.outputs)
    return {
        "Description": definition.document.description,
        "CacheKey": key,
        "InputNames": [exposed.name for exposed in inputs],
        "OutputNames": [exposed.name for exposed in outputs],
        "Icon": None,
        "Inputs": [
            _input(definition, exposed, solution.read(exposed.parameter)) for exposed in inputs
        ],
        "Outputs": [
            {"Name": exposed.name, "Nickname": None, "ParamType": exposed.type_name}
            for exposed in outputs
        ],
        "Warnings": [],
        "Errors": definition.exposure.errors,
    }


def _input(
    definition: Definition, exposed: ExposedParameter, default: ValueTree
) -> dict[str, object]:
    limits = input_limits(definition.document, exposed)
    prompt = exposed.parameter.chunk.text("Prompt") if exposed.is_contextual else None
    return {
        "Description": prompt,
        "AtLeast": limits.at_least,
        "AtMost": limits.at_most,
        "TreeAccess": limits.takes_trees,
        # Named after the component ("Get Number"), not after the input.
        "Default": encode_tree(exposed.parameter.name, default),
        "Minimum": limits.minimum,
        "Maximum": limits.maximum,
        "Name": exposed.name,
        "Nickname": None,
        "ParamType": exposed.type_name,
    }


def _by_height(exposed: dict[str, ExposedParameter]) -> list[ExposedParameter]:
    return sorted(exposed.values(), key=lambda one: one.parameter.pivot_y)
