"""The inputs and outputs of a document, exactly as Rhino.Compute finds them.

Source: Rhino.Compute, `GrasshopperDefinition.Construct` and `GetInputsAndOutputs`.
"""

import sys
from dataclasses import dataclass, field

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.document import Document, DocumentObject, Parameter

DUPLICATE = (
    "Multiple {} parameters with the same name were detected. Parameter names must be unique."
)
UNBOUNDED_INT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ExposedParameter:
    """One input or output under the name a request uses."""

    name: str
    type_name: str
    parameter: Parameter
    is_contextual: bool


@dataclass(frozen=True, slots=True)
class Exposure:
    """Inputs and outputs by name, in document order; `errors` tells of repeated names."""

    inputs: dict[str, ExposedParameter] = field(default_factory=dict[str, ExposedParameter])
    outputs: dict[str, ExposedParameter] = field(default_factory=dict[str, ExposedParameter])
    errors: list[str] = field(default_factory=list[str])

    def add_input(self, exposed: ExposedParameter) -> None:
        """Keep the first input of a name."""
        if self.inputs.setdefault(exposed.name, exposed) is not exposed:
            self.errors.append(DUPLICATE.format("input"))

    def add_output(self, exposed: ExposedParameter) -> None:
        """Keep the first output of a name."""
        if self.outputs.setdefault(exposed.name, exposed) is not exposed:
            self.errors.append(DUPLICATE.format("output"))


def expose(document: Document) -> Exposure:
    """Find contextual parameters, context outputs and RH_IN / RH_OUT groups."""
    exposure = Exposure()
    for thing in document.objects:
        if thing.component_id in ids.CONTEXTUAL_INPUTS and thing.floating:
            exposure.add_input(
                ExposedParameter(
                    thing.nickname, thing.type_name, thing.floating, is_contextual=True
                )
            )
        elif thing.component_id in ids.CONTEXTUAL_OUTPUTS and thing.inputs:
            first = thing.inputs[0]
            type_name = ids.CONTEXTUAL_OUTPUTS[thing.component_id]
            exposure.add_output(
                ExposedParameter(first.nickname, type_name, first, is_contextual=True)
            )
        elif thing.component_id == ids.GROUP:
            _expose_group(document, thing, exposure)
    return exposure


def _expose_group(document: Document, group: DocumentObject, exposure: Exposure) -> None:
    present = [document.objects_by_id.get(i) for i in group.container.texts("ID")]
    member = next((thing for thing in present if thing), None)
    if member is None:
        return
    if "RH_IN" in group.nickname and member.floating:
        exposure.add_input(
            ExposedParameter(group.nickname, member.type_name, member.floating, is_contextual=False)
        )
    if "RH_OUT" in group.nickname:
        for name, parameter in _group_outputs(group.nickname, member):
            exposure.add_output(
                ExposedParameter(name, member.type_name, parameter, is_contextual=False)
            )


def _group_outputs(nickname: str, member: DocumentObject) -> list[tuple[str, Parameter]]:
    if member.floating:
        return [(nickname, member.floating)]
    if len(member.outputs) == 1:
        return [(nickname, member.outputs[0])]
    return [(f"{nickname} ({output.nickname})", output) for output in member.outputs]


@dataclass(frozen=True, slots=True)
class InputLimits:
    """How many values an input takes, and their range (None: unbounded)."""

    at_least: int
    at_most: int
    takes_trees: bool
    minimum: float | None
    maximum: float | None


def input_limits(document: Document, exposed: ExposedParameter) -> InputLimits:
    """Return the limits `/io` shows.

    A contextual parameter's own Maximum is not among them: Rhino.Compute reads it from the only
    source when that is a slider, and otherwise never (fixed upstream in July 2025).
    """
    chunk, owner = exposed.parameter.chunk, _owner(document, exposed.parameter)
    slider = _slider_of(document, exposed, owner)
    slider_minimum = slider.number("Min") if slider else None
    maximum = slider.number("Max") if slider else None
    if not exposed.is_contextual:
        most = 1 if owner and owner.component_id == ids.NUMBER_SLIDER else UNBOUNDED_INT
        return InputLimits(1, most, takes_trees=False, minimum=slider_minimum, maximum=maximum)
    own_minimum = _set_minimum(chunk.number("Minimum"), exposed.type_name)
    return InputLimits(
        at_least=chunk.integer("AtLeast", 1),
        at_most=chunk.integer("AtMost", UNBOUNDED_INT),
        takes_trees=chunk.flag("TreeAccess"),
        minimum=slider_minimum if own_minimum is None else own_minimum,
        maximum=maximum,
    )


def _set_minimum(minimum: float | None, type_name: str) -> float | None:
    unset = {"Number": -sys.float_info.max, "Integer": -UNBOUNDED_INT - 1}.get(type_name)
    if minimum is None or unset is None or minimum <= unset:
        return None
    return float(minimum)


def _owner(document: Document, parameter: Parameter) -> DocumentObject | None:
    return document.objects_by_id.get(parameter.owner_id)


def _slider_of(
    document: Document, exposed: ExposedParameter, owner: DocumentObject | None
) -> Chunk | None:
    source = document.parameters.get(exposed.parameter.sources[0]) if _one(exposed) else None
    origin = _owner(document, source) if exposed.is_contextual and source else owner
    if origin is None or origin.component_id != ids.NUMBER_SLIDER:
        return None
    return origin.container.child("Slider")


def _one(exposed: ExposedParameter) -> bool:
    return len(exposed.parameter.sources) == 1
