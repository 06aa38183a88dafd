"""Chunks of the contextual inputs, the objects that give their defaults, and context outputs."""

import sys
from dataclasses import dataclass

from contracts.grasshopper import chunk_parts as parts
from contracts.grasshopper import component_ids as ids
from contracts.grasshopper import value_types as vt
from contracts.grasshopper.archive import Chunk

INT_LIMIT = 2**31


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Limits of a numeric input, and the value it has when a request leaves it out."""

    minimum: float
    maximum: float
    default: float | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an object goes: its id, its neighbour upstream and its place on the canvas."""

    instance_id: str
    x: float
    y: float
    sources: tuple[str, ...] = ()

    def sourced(self) -> list[parts.Typed]:
        """Return the wires as entries."""
        return [parts.guid(source) for source in self.sources]


def contextual_input(
    placed: Placed, kind: str, nickname: str, prompt: str, extra: dict[str, parts.Typed]
) -> Chunk:
    """Build `Get <kind>`; a request addresses it by its nickname."""
    entries = {
        **parts.labels(placed.instance_id, f"Get {kind}", nickname, f"Contextual {kind} input."),
        "AtLeast": parts.whole(1),
        "AtMost": parts.whole(1),
        "Optional": parts.switch(on=False),
        "Prompt": parts.text(prompt),
        "SourceCount": parts.whole(len(placed.sources)),
        "TreeAccess": parts.switch(on=False),
        **extra,
    }
    return parts.chunk(
        "Container", entries, parts.attributes(placed.x, placed.y), Source=placed.sourced()
    )


def number_limits(limits: NumberRange | None) -> dict[str, parts.Typed]:
    """Return the extra entries of Get Number."""
    unbounded = NumberRange(-sys.float_info.max, sys.float_info.max)
    chosen = limits or unbounded
    return {
        "Minimum": parts.real(chosen.minimum),
        "Maximum": parts.real(chosen.maximum),
        "ListCount": parts.whole(0),
    }


def integer_limits(limits: NumberRange | None) -> dict[str, parts.Typed]:
    """Return the extra entries of Get Integer."""
    chosen = limits or NumberRange(-INT_LIMIT, INT_LIMIT - 1)
    return {
        "Minimum": parts.whole(int(chosen.minimum)),
        "Maximum": parts.whole(int(chosen.maximum)),
        "ListCount": parts.whole(0),
    }


def geometry_filter() -> dict[str, parts.Typed]:
    """Return the extra entries of Get Geometry: any kind of geometry."""
    return {
        "Filter": (vt.INT64, 0),
        "AnnotationTypeFilter": (vt.INT64, 0),
        "DeleteInput": parts.switch(on=False),
    }


def slider(placed: Placed, limits: NumberRange, *, whole_numbers: bool) -> Chunk:
    """Build a Number Slider at the default of `limits`."""
    settings = parts.chunk(
        "Slider",
        {
            "Digits": parts.whole(0 if whole_numbers else 3),
            "GripDisplay": parts.whole(1),
            "Interval": parts.whole(1 if whole_numbers else 0),
            "Max": parts.real(limits.maximum),
            "Min": parts.real(limits.minimum),
            "SnapCount": parts.whole(0),
            "Value": parts.real(limits.minimum if limits.default is None else limits.default),
        },
    )
    entries = {
        **parts.labels(placed.instance_id, "Number Slider", "", "Numeric slider for single values"),
        "Optional": parts.switch(on=False),
        "SourceCount": parts.whole(0),
    }
    return parts.chunk("Container", entries, parts.attributes(placed.x, placed.y, 130), settings)


def panel(placed: Placed, content: str) -> Chunk:
    """Build a Panel whose whole text is one value."""
    settings = parts.chunk(
        "PanelProperties",
        {
            "Colour": (vt.COLOR, 0xFFFFFA5A),
            "DrawIndices": parts.switch(on=True),
            "DrawPaths": parts.switch(on=True),
            "Multiline": parts.switch(on=True),
            "SpecialCodes": parts.switch(on=False),
            "Stream": parts.switch(on=False),
            "Wrap": parts.switch(on=True),
        },
    )
    entries = {
        **parts.labels(placed.instance_id, "Panel", "", "A panel for custom notes and text values"),
        "Optional": parts.switch(on=False),
        "ScrollRatio": parts.real(0),
        "SourceCount": parts.whole(0),
        "UserText": parts.text(content),
    }
    return parts.chunk("Container", entries, parts.attributes(placed.x, placed.y, 130), settings)


def context_output(placed: Placed, parameter_id: str, kind: str, nickname: str) -> Chunk:
    """Build `Context Print` or `Context Bake`; its input's nickname is the output's name.

    The input flattens, so that an answer always has the one branch `{0}`.
    """
    label = "Text" if kind == "Print" else "Content"
    entries = {
        **parts.labels(parameter_id, label, nickname, "What a request receives"),
        "Access": parts.whole(2),
        "Mapping": parts.whole(1),
        "Optional": parts.switch(on=False),
        "SourceCount": parts.whole(len(placed.sources)),
    }
    spot = parts.attributes(placed.x, placed.y)
    reading = parts.chunk("param_input", entries, spot, index=0, Source=placed.sourced())
    name = f"Context {kind}"
    return parts.chunk("Container", parts.labels(placed.instance_id, name, name), spot, reading)


OUTPUT_COMPONENTS = {"Print": ids.CONTEXT_PRINT, "Bake": ids.CONTEXT_BAKE}
