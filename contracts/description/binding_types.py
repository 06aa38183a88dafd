"""Which binding types fit an input or output of a document, the natural one first."""

from contracts.description.description import DescribedInput, DescribedOutput
from contracts.grasshopper import component_ids as ids
from contracts.model import BindingType

_CONTEXTUAL: dict[str, tuple[BindingType, ...]] = {
    "Number": ("number", "integer"),
    "Integer": ("integer",),
    "Text": ("string", "json_string"),
    "Boolean": ("boolean",),
    "Point": ("geometry.point",),
    "Geometry": ("geometry.curve", "geometry.mesh"),
}
_GROUPED: dict[str, tuple[BindingType, ...]] = {
    "Number": ("number", "integer"),
    "Integer": ("integer",),
    "Text": ("string", "json_string"),
    "Boolean": ("boolean",),
    "Point": ("geometry.point",),
    "Vector": ("geometry.point",),
    "Curve": ("geometry.curve",),
    "Mesh": ("geometry.mesh",),
}
_ANY: tuple[BindingType, ...] = (
    *("string", "json_string", "number", "integer", "boolean"),
    *("geometry.point", "geometry.curve", "geometry.mesh"),
)
_SHAPES: tuple[BindingType, ...] = ("geometry.mesh", "geometry.curve", "json_string", "string")
_OUTPUTS: dict[str, tuple[BindingType, ...]] = {
    "Number": ("number", "integer", "string", "json_string"),
    "Integer": ("integer", "number", "string", "json_string"),
    "Text": ("string", "json_string", "number", "integer", "boolean"),
    "Boolean": ("boolean", "string", "json_string"),
    "Point": ("geometry.point", "string", "json_string"),
    "Curve": ("geometry.curve", "string", "json_string"),
    "Generic Data": _ANY,
    "Geometry": ("geometry.curve", "geometry.mesh", "geometry.point", "json_string", "string"),
}


def input_types(described: DescribedInput) -> tuple[BindingType, ...]:
    """The binding types whose values the input accepts; none when nothing can bind it."""
    if described.component_id == ids.PANEL and not described.is_contextual:
        return ("json_string",)  # a grouped panel reads JSON; a grouped text reads as it stands
    table = _CONTEXTUAL if described.is_contextual else _GROUPED
    if described.type == "Text" and described.component_id == ids.GET_FILE_PATH:
        return ("string",)
    return table.get(described.type, ())


def output_types(described: DescribedOutput) -> tuple[BindingType, ...]:
    """The binding types that can read the output."""
    return _OUTPUTS.get(described.type, _SHAPES)
