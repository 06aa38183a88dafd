"""The values that a definition itself holds for an input: what a request leaves out.

Only what can be read without a solve: sliders, panels, toggles, value lists and data stored in
parameters, through any number of wires.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import JsonValue

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.document import Document, DocumentObject, Parameter

TOGGLE = "2e78987b-9dfb-42a2-8b76-3923ac8bd91a"
VALUE_LIST = "00027467-0d24-4fa7-b178-8dc0ac5f42ec"
MAX_WIRES = 50
"""Wires that are followed; a chain in a document is never that long, a cycle always is."""
MAX_VALUES = 10_000

Values = list[JsonValue] | None
"""None: only a solve can tell."""


@dataclass(frozen=True, slots=True)
class HeldValues:
    """The values that parameters have as long as no request sets them; each is read once."""

    document: Document
    _known: dict[str, Values] = field(default_factory=dict[str, Values])

    def of(self, parameter: Parameter, wires: int = MAX_WIRES) -> Values:
        """The values of one parameter."""
        key = parameter.parameter_id
        if key not in self._known:
            self._known[key] = None  # what a circle of wires comes back to
            self._known[key] = self._read(parameter, wires)
        return self._known[key]

    def _read(self, parameter: Parameter, wires: int) -> Values:
        if parameter.chunk.text("InternalExpression") or wires == 0:
            return None
        if not parameter.sources:
            owner = self.document.objects_by_id.get(parameter.owner_id)
            return _own_values(owner, parameter) if owner else None
        values: list[JsonValue] = []
        for source_id in parameter.sources:
            source = self.document.parameters.get(source_id)
            found = self.of(source, wires - 1) if source else []
            if found is None or len(values) + len(found) > MAX_VALUES:
                return None
            values += found
        return values


def typed_values(values: Values, type_name: str) -> Values:
    """The values as an input of that type takes them; None when one of them does not fit."""
    convert = _CONVERSIONS.get(type_name)
    if values is None or convert is None:
        return values
    converted = [convert(value) for value in values]
    return None if None in converted else converted


def _own_values(owner: DocumentObject, parameter: Parameter) -> Values:
    reader = _READERS.get(owner.component_id)
    if reader is not None:
        return reader(owner.container)
    return _stored(parameter.chunk) if parameter.side == "floating" else None


def _stored(chunk: Chunk) -> Values:
    """Data stored in a parameter, branches joined; None when a value is no plain one."""
    stored = chunk.child("PersistentData")
    branches = stored.children("Branch") if stored else []
    values = [_plain(one) for branch in branches for one in branch.children("Item")]
    return None if None in values else values


def _plain(chunk: Chunk) -> JsonValue:
    for name in ("number", "boolean", "string"):
        value = chunk.find(name)
        if isinstance(value, bool | int | float | str):
            return value
    spot = chunk.find("Coordinate")
    return [*spot] if isinstance(spot, tuple) else None


def _slider(container: Chunk) -> Values:
    slider = container.child("Slider")
    value = slider.number("Value") if slider else None
    return None if value is None else [float(value)]


def _panel(container: Chunk) -> Values:
    text = container.text("UserText")
    properties = container.child("PanelProperties")
    is_one_text = properties is None or properties.flag("Multiline", default=True)
    return [text] if is_one_text else [*text.splitlines()]


def _toggle(container: Chunk) -> Values:
    return [container.flag("ToggleValue")]


def _value_list(container: Chunk) -> Values:
    chosen = [entry for entry in container.children("ListItem") if entry.flag("Selected")]
    return [_literal(entry.text("Expression")) for entry in chosen]


def _literal(expression: str) -> JsonValue:
    if expression.startswith('"') and expression.endswith('"'):
        return expression[1:-1]
    return _number(expression)


def _number(value: JsonValue) -> JsonValue:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _integer(value: JsonValue) -> JsonValue:
    number = _number(value)
    whole = isinstance(number, float) and number.is_integer()
    return int(number) if whole and isinstance(number, float) else None


def _text(value: JsonValue) -> JsonValue:
    return value if isinstance(value, str) else None


def _boolean(value: JsonValue) -> JsonValue:
    return value if isinstance(value, bool) else None


_READERS: dict[str, Callable[[Chunk], Values]] = {
    ids.NUMBER_SLIDER: _slider,
    ids.PANEL: _panel,
    TOGGLE: _toggle,
    VALUE_LIST: _value_list,
}
_CONVERSIONS: dict[str, Callable[[JsonValue], JsonValue]] = {
    "Number": _number,
    "Integer": _integer,
    "Text": _text,
    "Boolean": _boolean,
}
