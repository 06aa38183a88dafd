"""Writes Grasshopper definitions from Python, the same bytes every time.

Every method that adds an object returns the id of the parameter others can read.
"""

from typing import Literal

from contracts.grasshopper import chosen_values, contextual
from contracts.grasshopper import chunk_parts as parts
from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.canvas import Canvas
from contracts.grasshopper.components import (
    ScriptInput,
    arithmetic,
    python_script,
    script_variable,
)
from contracts.grasshopper.contextual import NumberRange
from contracts.grasshopper.ports import Port, fixed_component, port_chunk

__all__ = ["DefinitionBuilder", "NumberRange", "Port", "ScriptInput"]

ARITHMETIC = {
    "Addition": ids.ADDITION,
    "Subtraction": ids.SUBTRACTION,
    "Multiplication": ids.MULTIPLICATION,
    "Division": ids.DIVISION,
}


class DefinitionBuilder(Canvas):
    """Collects the objects of one definition."""

    def get_number(self, nickname: str, limits: NumberRange | None = None, prompt: str = "") -> str:
        """Add a number input; its default comes from a slider with the same limits."""
        sources = self._default(limits, whole_numbers=False)
        extra = contextual.number_limits(limits)
        return self._get("Number", ids.GET_NUMBER, (nickname, prompt), extra, sources)

    def get_integer(
        self, nickname: str, limits: NumberRange | None = None, prompt: str = ""
    ) -> str:
        """Add an integer input; its default comes from a slider with the same limits."""
        sources = self._default(limits, whole_numbers=True)
        extra = contextual.integer_limits(limits)
        return self._get("Integer", ids.GET_INTEGER, (nickname, prompt), extra, sources)

    def get_string(self, nickname: str, default: str | None = None, prompt: str = "") -> str:
        """Add a text input; its default comes from a panel."""
        sources = () if default is None else (self.panel(default),)
        extra = {"ListCount": parts.whole(0)}
        return self._get("String", ids.GET_STRING, (nickname, prompt), extra, sources)

    def get_boolean(self, nickname: str, *, default: bool | None = None, prompt: str = "") -> str:
        """Add a boolean input; its default comes from a toggle."""
        sources = () if default is None else (self.toggle(on=default),)
        extra = {"FalseValue": parts.text("False"), "TrueValue": parts.text("True")}
        return self._get("Boolean", ids.GET_BOOLEAN, (nickname, prompt), extra, sources)

    def get_point(self, nickname: str, prompt: str = "") -> str:
        """Add a point input."""
        return self._get("Point", ids.GET_POINT, (nickname, prompt), {}, ())

    def get_geometry(self, nickname: str, prompt: str = "") -> str:
        """Add a geometry input (curves too)."""
        extra = contextual.geometry_filter()
        return self._get("Geometry", ids.GET_GEOMETRY, (nickname, prompt), extra, ())

    def number(self, value: float) -> str:
        """Add a Number parameter that holds a constant."""
        placed = self._place(140)
        entries = {
            **parts.labels(placed.instance_id, "Number", "", "A constant"),
            "Optional": parts.switch(on=False),
            "SourceCount": parts.whole(0),
        }
        held = parts.persistent_number(value)
        spot = parts.attributes(placed.x, placed.y)
        number_id = next(i for i, name in ids.FLOATING_PARAMETERS.items() if name == "Number")
        return self._add(
            number_id, "Number", parts.chunk("Container", entries, spot, held), placed.instance_id
        )

    def parameter(self, type_name: str, port: Port) -> str:
        """Add a parameter of its own, such as Number, Text or Point."""
        component_id = next(i for i, name in ids.FLOATING_PARAMETERS.items() if name == type_name)
        instance_id = self._id("object")
        container = port_chunk("Container", -1, instance_id, type_name, port)
        return self._add(component_id, type_name, container, instance_id)

    def relay(self, source: str) -> str:
        """Add a relay, which passes data on."""
        instance_id = self._id("object")
        container = port_chunk("Container", -1, instance_id, "Relay", Port("", (source,)))
        return self._add(ids.RELAY, "Relay", container, instance_id)

    def value_list(self, options: dict[str, str], selected: str) -> str:
        """Add a Value List; `options` are expressions by name."""
        placed = self._place(0)
        container = chosen_values.value_list(placed, options, selected)
        return self._add(ids.VALUE_LIST, "Value List", container, placed.instance_id)

    def toggle(self, *, on: bool) -> str:
        """Add a Boolean Toggle."""
        placed = self._place(0)
        container = chosen_values.toggle(placed, on=on)
        return self._add(ids.BOOLEAN_TOGGLE, "Boolean Toggle", container, placed.instance_id)

    def group(self, nickname: str, *members: str) -> None:
        """Add a group; `RH_IN` or `RH_OUT` in its nickname exposes its first member."""
        container = chosen_values.group(self._place(0), nickname, members)
        self._add(ids.GROUP, "Group", container, "")

    def component(
        self,
        component_id: str,
        name: str,
        inputs: list[Port],
        outputs: tuple[str, ...],
        **extra: str,
    ) -> dict[str, str]:
        """Add any component; returns the ids of its outputs by nickname.

        `extra` are texts the component itself stores, such as an Expression's `Expression`.
        """
        reading = [
            port_chunk("param_input", at, self._id(f"input/{at}"), port.nickname, port)
            for at, port in enumerate(inputs)
        ]
        written = {nickname: self._id(f"output/{at}") for at, nickname in enumerate(outputs)}
        writing = [
            port_chunk("param_output", at, port_id, nickname, Port(nickname))
            for at, (nickname, port_id) in enumerate(written.items())
        ]
        instance_id = self._id("component")
        container = fixed_component(instance_id, name, reading, writing, extra)
        self._add(component_id, name, container, "")
        return written

    def calculate(
        self,
        operation: Literal["Addition", "Subtraction", "Multiplication", "Division"],
        left: str,
        right: str,
    ) -> str:
        """Add an arithmetic component; returns the id of its result."""
        ports = tuple(self._id(port) for port in ("left", "right", "result"))
        container = arithmetic(self._id("component"), operation, ports, [left, right])
        return self._add(ARITHMETIC[operation], operation, container, ports[-1])

    def python_script(
        self, title: str, source: str, inputs: list[ScriptInput], outputs: tuple[str, ...]
    ) -> dict[str, str]:
        """Add a Python 3 Script; returns the ids of its outputs by name."""
        reading = [
            script_variable("InputParam", index, self._id(f"input/{wired.name}"), wired.name, wired)
            for index, wired in enumerate(inputs)
        ]
        written = {name: self._id(f"output/{name}") for name in outputs}
        writing = [
            script_variable("OutputParam", index, port_id, name)
            for index, (name, port_id) in enumerate(written.items())
        ]
        container = python_script(self._id("component"), title, source, reading, writing)
        self._add(
            ids.PYTHON_3_SCRIPT, "Python 3 Script", container, "", library=ids.RHINO_CODE_LIBRARY
        )
        return written

    def context_print(self, name: str, source: str) -> None:
        """Add an output that answers with texts."""
        self._output("Print", name, source)

    def context_bake(self, name: str, source: str) -> None:
        """Add an output that answers with typed values and geometry."""
        self._output("Bake", name, source)

    def _get(
        self,
        kind: str,
        component_id: str,
        wording: tuple[str, str],
        extra: dict[str, parts.Typed],
        sources: tuple[str, ...],
    ) -> str:
        placed = self._place(140, sources)
        container = contextual.contextual_input(placed, kind, *wording, extra)
        return self._add(component_id, f"Get {kind}", container, placed.instance_id)

    def _default(self, limits: NumberRange | None, *, whole_numbers: bool) -> tuple[str, ...]:
        if limits is None or limits.default is None:
            return ()
        placed = self._place(0)
        container = contextual.slider(placed, limits, whole_numbers=whole_numbers)
        return (self._add(ids.NUMBER_SLIDER, "Number Slider", container, placed.instance_id),)

    def panel(self, content: str) -> str:
        """Add a panel that holds a text; return its id."""
        placed = self._place(0)
        container = contextual.panel(placed, content)
        return self._add(ids.PANEL, "Panel", container, placed.instance_id)

    def _output(self, kind: str, name: str, source: str) -> None:
        placed = self._place(700, (source,))
        container = contextual.context_output(placed, self._id("parameter"), kind, name)
        self._add(contextual.OUTPUT_COMPONENTS[kind], f"Context {kind}", container, "")
