"""The outputs of a document as members of a contract."""

from collections.abc import Iterable

from contracts.description.binding_types import output_types
from contracts.description.description import DescribedOutput
from contracts.grasshopper.document import Document, Parameter
from contracts.grasshopper.exposure import expose
from contracts.model import BindingType, JsonObject
from contracts.stamping.member import OutputMember, member_name
from contracts.stamping.upstream import TYPES, Upstream


def output_members(
    document: Document, outputs: Iterable[DescribedOutput], taken: Iterable[str] = ()
) -> list[OutputMember]:
    """One member for each output; what may hold several values becomes a list."""
    exposed = expose(document).outputs
    upstream = Upstream(document)
    members: list[OutputMember] = []
    for described in outputs:
        parameter = exposed[described.name].parameter
        kind = _kind(upstream, parameter, described)
        name = member_name(described.name, [*taken, *(member.name for member in members)])
        is_list = not upstream.is_single(parameter)
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


def _kind(upstream: Upstream, parameter: Parameter, described: DescribedOutput) -> BindingType:
    """The type of what is wired to the output, else of the output itself; text always fits."""
    fitting = output_types(described)
    for kind in (upstream.type_of(parameter), TYPES.get(described.type)):
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
