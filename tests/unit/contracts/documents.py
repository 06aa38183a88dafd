"""Grasshopper documents that the builder does not write: plugins, groups, other components."""

from dataclasses import replace

from contracts.grasshopper import chunk_parts as parts
from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.builder import DefinitionBuilder, NumberRange, ScriptInput
from contracts.grasshopper.files import read_archive, write_xml

NUMBER = "3e8ca6be-fda8-4aaf-b5c0-3c54c8bb7312"
POINT = "fbac3e32-f100-4292-8692-77240a42fd1a"
BREP = "919e146f-30ae-4aae-be34-4d72f555e7da"
CURVE = "d5967b9f-e8ee-436b-a8ad-29fdcecf32d5"


def guid(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"


def placed(component_id: str, name: str, container: Chunk) -> Chunk:
    return parts.chunk(
        "Object", {"GUID": parts.guid(component_id), "Name": parts.text(name)}, container
    )


def floating(number: int, component_id: str, *inner: Chunk) -> Chunk:
    entries = {**parts.labels(guid(number), "Parameter", "p"), "SourceCount": parts.whole(0)}
    return placed(component_id, "Parameter", parts.chunk("Container", entries, *inner))


def grouped(name: str, member: int, number: int = 99) -> Chunk:
    labels = parts.labels(guid(number), "Group", name)
    return placed(
        ids.GROUP, "Group", parts.chunk("Container", labels, ID=[parts.guid(guid(member))])
    )


def document_of(*objects: Chunk) -> bytes:
    numbered = [
        Chunk(one.name, index, one.entries, one.chunks) for index, one in enumerate(objects)
    ]
    listed = parts.chunk("DefinitionObjects", {}, *numbered)
    return write_xml(parts.chunk("Root", {}, parts.chunk("Definition", {}, listed)))


def with_plugin(content: bytes, name: str, version: str) -> bytes:
    root = read_archive(content)
    library = parts.chunk(
        "Library",
        {
            "Id": parts.guid(guid(7)),
            "Name": parts.text(name),
            "Version": parts.text(version),
            "AssemblyFullName": parts.text(f"{name}, Version={version}"),
        },
        index=0,
    )
    libraries = parts.chunk("GHALibraries", {"Count": parts.whole(1)}, library)
    chunks = tuple(
        replace(one, chunks=(libraries, *one.chunks)) if one.name == "Definition" else one
        for one in root.chunks
    )
    return write_xml(replace(root, chunks=chunks))


def house(*, limit: float = 10, extra: bool = False, outputs: tuple[str, ...] = ("area",)) -> bytes:
    """A definition with each kind of input; `outputs` are all the same script's."""
    builder = DefinitionBuilder("house", "Measures a house.")
    width = builder.get_number("width", NumberRange(1, limit, 4), prompt="Width in m")
    storeys = builder.get_integer("storeys", NumberRange(1, 5))
    label = builder.get_string("label", "plain", prompt="Shown on the plan")
    outline = builder.get_geometry("outline", prompt="Outline of the plot")
    if extra:
        builder.get_number("height", NumberRange(2, 4, 3), prompt="Height of a storey in m")
    script = builder.python_script(
        "Measure",
        "\n".join(f"{name} = width * storeys" for name in outputs),
        [
            ScriptInput("width", width, "float"),
            ScriptInput("storeys", storeys, "int"),
            ScriptInput("label", label, "str"),
            ScriptInput("outline", outline, "curve"),
        ],
        outputs,
    )
    for name in outputs:
        builder.context_print(name, script[name])
    return builder.to_ghx()


def script_of(source: str) -> bytes:
    builder = DefinitionBuilder("scripted", "")
    value = builder.get_number("value")
    script = builder.python_script("S", source, [ScriptInput("value", value, "float")], ("a",))
    builder.context_print("a", script["a"])
    return builder.to_ghx()
