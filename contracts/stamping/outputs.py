"""The outputs of a document as members of a contract."""

from collections.abc import Iterable

from contracts.description.binding_types import output_types
from contracts.description.default_value import MAX_WIRES, held_values
from contracts.description.description import DescribedOutput
from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.document import Document, Parameter
from contracts.grasshopper.exposure import expose
from contracts.model import BindingType, JsonObject
from contracts.stamping.member import OutputMember, member_name

_ARITHMETIC = frozenset({ids.ADDITION, ids.SUBTRACTION, ids.MULTIPLICATION, ids.DIVISION})
_MESH_MAKERS = frozenset(
    {"1eb4f6ff-3547-4184-bead-1b01e7cfd668", "0a391eac-5048-443c-9c1b-f592299b6dd6"}
)
_TYPES: dict[str, BindingType] = {
    "Number": "number",
    "Integer": "integer",
    "Boolean": "boolean",
    "Text": "string",
    "Point": "geometry.point",
    "Curve": "geometry.curve",
    "Mesh": "geometry.mesh",
}


def output_members(
    document: Document, outputs: Iterable[DescribedOutput], taken: Iterable[str] = ()
) -> list[OutputMember]:
    """One member for each output; what may hold several values becomes a list."""
    exposed = expose(document).outputs
    members: list[OutputMember] = []
    for described in outputs:
        parameter = exposed[described.name].parameter
        kind = _kind(document, parameter, described)
        name = member_name(described.name, [*taken, *(member.name for member in members)])
        is_list = not _is_single(document, parameter, MAX_WIRES)
        members.append(
            OutputMember(
                name=name,
                parameter=described.name,
                type=kind,
                schema=_schema(kind, is_list=is_list),
                is_list=is_list,
                description=f"The definition's output {described.name!r}.",
            )
        )
    return members


def _kind(document: Document, parameter: Parameter, described: DescribedOutput) -> BindingType:
    """The type of what is wired to the output, else of the output itself; text always fits."""
    fitting = output_types(described)
    for kind in (_carried(document, parameter, MAX_WIRES), _TYPES.get(described.type)):
        if kind is not None and kind in fitting:
            return kind
    return "string"


def _schema(kind: BindingType, *, is_list: bool) -> JsonObject:
    match kind:
        case "number" | "integer" | "boolean" | "string":
            one: JsonObject = {"type": kind}
        case "json_string":
            one = {}
        case "geometry.point":
            one = {"type": "array", "minItems": 3, "maxItems": 3, "items": {"type": "number"}}
        case "geometry.curve" | "geometry.mesh":
            one = {
                "type": "object",
                "description": "An encoded Rhino object; rhino3dm reads it.",
                "required": ["data"],
                "properties": {"data": {"type": "string"}},
            }
    return {"type": "array", "items": one} if is_list else one


def _carried(document: Document, parameter: Parameter, wires: int) -> BindingType | None:
    """The type of the values that come through a parameter, as far as the wires tell."""
    owner = document.objects_by_id.get(parameter.owner_id)
    if owner is None or wires == 0:
        return None
    if owner.component_id in _ARITHMETIC:
        return "number"
    if owner.component_id in _MESH_MAKERS and parameter.side == "output":
        return "geometry.mesh"
    if parameter.side == "floating" and (kind := _TYPES.get(owner.type_name)):
        return kind
    kinds: set[BindingType | None] = {
        _carried(document, source, wires - 1) for source in _sources(document, parameter)
    }
    return kinds.pop() if len(kinds) == 1 else None


def _is_single(document: Document, parameter: Parameter, wires: int) -> bool:
    """Whether a parameter surely holds one value when each input has one."""
    owner = document.objects_by_id.get(parameter.owner_id)
    if owner is None or wires == 0 or len(parameter.sources) > 1:
        return False
    if parameter.side == "output":
        is_itemwise = owner.component_id in _ARITHMETIC
        return is_itemwise and all(_is_single(document, one, wires - 1) for one in owner.inputs)
    if owner.component_id in ids.CONTEXTUAL_INPUTS:
        return parameter.chunk.integer("AtMost", 2) == 1
    if parameter.sources:
        return all(_is_single(document, one, wires - 1) for one in _sources(document, parameter))
    return _holds_one(document, parameter)


def _holds_one(document: Document, parameter: Parameter) -> bool:
    held = held_values(document, parameter)
    is_input = any(one.parameter is parameter for one in expose(document).inputs.values())
    return held is not None and (len(held) == 1 or (is_input and not held))


def _sources(document: Document, parameter: Parameter) -> list[Parameter]:
    found = (document.parameters.get(source) for source in parameter.sources)
    return [source for source in found if source is not None]
