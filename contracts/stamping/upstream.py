"""What comes through the wires to an output, as far as it can be told without a solve."""

from dataclasses import dataclass, field
from functools import cached_property

from contracts.description.default_value import MAX_WIRES, HeldValues
from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.document import Document, DocumentObject, Parameter
from contracts.grasshopper.exposure import expose
from contracts.model import BindingType

_ARITHMETIC = frozenset({ids.ADDITION, ids.SUBTRACTION, ids.MULTIPLICATION, ids.DIVISION})
_MESH_MAKERS = frozenset(
    {"1eb4f6ff-3547-4184-bead-1b01e7cfd668", "0a391eac-5048-443c-9c1b-f592299b6dd6"}
)
"""Delaunay Mesh and Mesh Sphere."""

TYPES: dict[str, BindingType] = {
    "Number": "number",
    "Integer": "integer",
    "Boolean": "boolean",
    "Text": "string",
    "Point": "geometry.point",
    "Curve": "geometry.curve",
    "Mesh": "geometry.mesh",
}
"""The binding type of the values that a parameter of a type holds."""


@dataclass(frozen=True)
class Upstream:
    """Follows the wires of one document; each parameter is looked at once."""

    document: Document
    _types: dict[str, BindingType | None] = field(default_factory=dict[str, BindingType | None])
    _singles: dict[str, bool] = field(default_factory=dict[str, bool])

    @cached_property
    def _input_ids(self) -> frozenset[str]:
        exposed = expose(self.document).inputs.values()
        return frozenset(one.parameter.parameter_id for one in exposed)

    @cached_property
    def _held(self) -> HeldValues:
        return HeldValues(self.document)

    def type_of(self, parameter: Parameter, wires: int = MAX_WIRES) -> BindingType | None:
        """The type of a parameter's values; None when the wires do not tell."""
        key = parameter.parameter_id
        if key not in self._types:
            self._types[key] = None  # what a circle of wires comes back to
            self._types[key] = self._find_type(parameter, wires) if wires else None
        return self._types[key]

    def is_single(self, parameter: Parameter, wires: int = MAX_WIRES) -> bool:
        """Whether a parameter surely holds one value when each input has one."""
        key = parameter.parameter_id
        if key not in self._singles:
            self._singles[key] = False
            self._singles[key] = self._find_single(parameter, wires) if wires else False
        return self._singles[key]

    def _find_type(self, parameter: Parameter, wires: int) -> BindingType | None:
        owner = self.document.objects_by_id.get(parameter.owner_id)
        if owner is None:
            return None
        if parameter.side == "output":
            return self._made_by(owner, wires)
        if parameter.side == "floating" and owner.type_name in TYPES:
            return TYPES[owner.type_name]
        kinds: set[BindingType | None] = set()
        kinds.update(self.type_of(source, wires - 1) for source in self._sources(parameter))
        return kinds.pop() if len(kinds) == 1 else None

    def _made_by(self, owner: DocumentObject, wires: int) -> BindingType | None:
        if owner.component_id in _MESH_MAKERS:
            return "geometry.mesh"
        if owner.component_id not in _ARITHMETIC:
            return None
        # Arithmetic also adds points and vectors.
        kinds = {self.type_of(one, wires - 1) for one in owner.inputs}
        return "number" if kinds <= {"number", "integer"} else None

    def _find_single(self, parameter: Parameter, wires: int) -> bool:
        owner = self.document.objects_by_id.get(parameter.owner_id)
        if owner is None or len(parameter.sources) > 1:
            return False
        if parameter.side == "output":
            is_itemwise = owner.component_id in _ARITHMETIC
            return is_itemwise and all(self.is_single(one, wires - 1) for one in owner.inputs)
        if owner.component_id in ids.CONTEXTUAL_INPUTS:
            return parameter.chunk.integer("AtMost", 2) == 1
        if parameter.sources:
            return all(self.is_single(one, wires - 1) for one in self._sources(parameter))
        held = self._held.of(parameter)
        is_open_input = parameter.parameter_id in self._input_ids and not held
        return held is not None and (len(held) == 1 or is_open_input)

    def _sources(self, parameter: Parameter) -> list[Parameter]:
        found = (self.document.parameters.get(source) for source in parameter.sources)
        return [source for source in found if source is not None]
