"""Inputs and outputs of components, and parameters that stand alone, with what they do to data."""

from dataclasses import dataclass
from typing import Literal

from contracts.grasshopper import chunk_parts as parts
from contracts.grasshopper.archive import Chunk

Access = Literal["item", "list", "tree"]
Mapping = Literal["", "flatten", "graft"]
Held = float | int | bool | str
ACCESS_CODES = {"item": 0, "list": 1, "tree": 2}
MAPPING_CODES = {"": 0, "flatten": 1, "graft": 2}


@dataclass(frozen=True, slots=True)
class Port:
    """One input: whom it reads, or what it holds, and what it does to the data first."""

    nickname: str
    sources: tuple[str, ...] = ()
    access: Access = "item"
    is_optional: bool = False
    held: tuple[Held, ...] = ()
    mapping: Mapping = ""
    is_reversed: bool = False
    is_simplified: bool = False
    expression: str = ""


def port_chunk(kind: str, index: int, port_id: str, name: str, port: Port) -> Chunk:
    """Build the chunk of an input, an output or (index -1) a parameter of its own."""
    entries = {
        **parts.labels(port_id, name, port.nickname),
        "Optional": parts.switch(on=port.is_optional),
        "SourceCount": parts.whole(len(port.sources)),
        **_tuning(port),
    }
    chunks = [parts.attributes(300, 20 * max(index, 0), 14)]
    if port.held:
        chunks.append(held_values(port.held))
    sources = [parts.guid(source) for source in port.sources]
    return parts.chunk(kind, entries, *chunks, index=index, Source=sources)


def _tuning(port: Port) -> dict[str, parts.Typed]:
    entries: dict[str, parts.Typed] = {}
    if port.access != "item":
        entries["Access"] = parts.whole(ACCESS_CODES[port.access])
    if port.mapping:
        entries["Mapping"] = parts.whole(MAPPING_CODES[port.mapping])
    if port.is_reversed:
        entries["ReverseData"] = parts.switch(on=True)
    if port.is_simplified:
        entries["SimplifyData"] = parts.switch(on=True)
    if port.expression:
        entries["InternalExpression"] = parts.text(port.expression)
    return entries


def held_values(values: tuple[Held, ...]) -> Chunk:
    """Hold values in the branch {0}."""
    stored = [
        parts.chunk("Item", _typed(value), index=position) for position, value in enumerate(values)
    ]
    count = {"Count": parts.whole(len(values)), "Path": parts.text("{0}")}
    branch = parts.chunk("Branch", count, *stored, index=0)
    return parts.chunk("PersistentData", {"Count": parts.whole(1)}, branch)


def _typed(value: Held) -> dict[str, parts.Typed]:
    match value:
        case bool():
            return {"boolean": parts.switch(on=value)}
        case int():
            return {"number": parts.whole(value)}
        case float():
            return {"number": parts.real(value)}
        case str():
            return {"string": parts.text(value)}


def fixed_component(
    instance_id: str, name: str, inputs: list[Chunk], outputs: list[Chunk], extra: dict[str, str]
) -> Chunk:
    """Build a component whose inputs and outputs are those its kind always has."""
    entries = {
        **parts.labels(instance_id, name, name),
        **{key: parts.text(value) for key, value in extra.items()},
    }
    return parts.chunk("Container", entries, parts.attributes(300, 0, 65, 44), *inputs, *outputs)
