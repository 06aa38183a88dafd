"""Writes Grasshopper definitions from Python, the same bytes every time.

Every method that adds an object returns the id of the parameter others can read. Ids derive from
the definition's name and the object's position, so a rebuild changes nothing by itself.
"""

import uuid
from typing import Literal

from contracts.grasshopper import chunk_parts as parts
from contracts.grasshopper import component_ids as ids
from contracts.grasshopper import contextual
from contracts.grasshopper import value_types as vt
from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.components import (
    ScriptInput,
    arithmetic,
    python_script,
    script_variable,
)
from contracts.grasshopper.contextual import NumberRange, Placed
from contracts.grasshopper.files import write_binary, write_xml

__all__ = ["DefinitionBuilder", "NumberRange", "ScriptInput"]

ID_NAMESPACE = uuid.UUID("0b1f4c1e-5f9e-4c1c-9a55-2f6d1f0a7e11")
SAVED_AT_TICKS = 638990499974020042  # any fixed instant: the file must not change by itself
ARITHMETIC = {
    "Addition": ids.ADDITION,
    "Subtraction": ids.SUBTRACTION,
    "Multiplication": ids.MULTIPLICATION,
    "Division": ids.DIVISION,
}


class DefinitionBuilder:
    """Collects the objects of one definition."""

    def __init__(self, name: str, description: str) -> None:
        self._name = name
        self._description = description
        self._objects: list[Chunk] = []

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
        sources = () if default is None else (self._panel(default),)
        extra = {"ListCount": parts.whole(0)}
        return self._get("String", ids.GET_STRING, (nickname, prompt), extra, sources)

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

    def to_ghx(self) -> bytes:
        """Return the definition as XML."""
        return write_xml(self._root())

    def to_gh(self) -> bytes:
        """Return the definition as a binary archive."""
        return write_binary(self._root())

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

    def _panel(self, content: str) -> str:
        placed = self._place(0)
        container = contextual.panel(placed, content)
        return self._add(ids.PANEL, "Panel", container, placed.instance_id)

    def _output(self, kind: str, name: str, source: str) -> None:
        placed = self._place(700, (source,))
        container = contextual.context_output(placed, self._id("parameter"), kind, name)
        self._add(contextual.OUTPUT_COMPONENTS[kind], f"Context {kind}", container, "")

    def _id(self, role: str) -> str:
        return str(uuid.uuid5(ID_NAMESPACE, f"{self._name}/{len(self._objects)}/{role}"))

    def _place(self, x: float, sources: tuple[str, ...] = ()) -> Placed:
        return Placed(self._id("object"), x, 40.0 * len(self._objects), sources)

    def _add(
        self, component_id: str, name: str, container: Chunk, result: str, library: str = ""
    ) -> str:
        entries = {"GUID": parts.guid(component_id), "Name": parts.text(name)}
        if library:
            entries["Lib"] = parts.guid(library)
        position = len(self._objects)
        self._objects.append(parts.chunk("Object", entries, container, index=position))
        return result

    def _root(self) -> Chunk:
        document_id = str(uuid.uuid5(ID_NAMESPACE, self._name))
        header = parts.chunk("DocumentHeader", {"DocumentID": parts.guid(document_id)})
        properties = parts.chunk(
            "DefinitionProperties",
            {
                "Date": (vt.DATE, SAVED_AT_TICKS),
                "Description": parts.text(self._description),
                "KeepOpen": parts.switch(on=False),
                "Name": parts.text(self._name),
            },
        )
        count = {"ObjectCount": parts.whole(len(self._objects))}
        listed = parts.chunk("DefinitionObjects", count, *self._objects)
        version = {"plugin_version": (vt.VERSION, (1, 0, 8))}
        definition = parts.chunk("Definition", version, header, properties, listed)
        return parts.chunk("Root", {"ArchiveVersion": (vt.VERSION, (0, 2, 2))}, definition)
