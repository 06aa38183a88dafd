"""Chunks of components with variable parameters: arithmetic and the Python 3 Script."""

import base64
from dataclasses import dataclass
from typing import Final, Literal

from contracts.grasshopper import chunk_parts as parts
from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.archive import Chunk

TypeHint = Literal["str", "float", "int", "bool", "curve"]
CORE: Final = "System.Private.CoreLib"
HINTS: Final[dict[str, tuple[str, str, str]]] = {
    "": ("6a184b65-baa3-42d1-a548-3915b401de53", CORE, "System.Object"),
    "str": ("3aceb454-6dbd-4c5b-9b6b-e71f8c1cdf88", CORE, "System.String"),
    "float": ("9d51e32e-c038-4352-9554-f4137ca91b9a", CORE, "System.Double"),
    "int": ("48d01794-d3d8-4aef-990e-127168822244", CORE, "System.Int32"),
    "bool": ("d60527f5-b5af-4ef6-8970-5f96fe412559", CORE, "System.Boolean"),
    "curve": ("9ba89ec2-5315-435f-a621-b66c5fa2f301", "RhinoCommon", "Rhino.Geometry.Curve"),
}
"""Type hints of script inputs: id, assembly and .NET type of the converter."""


@dataclass(frozen=True, slots=True)
class ScriptInput:
    """A variable of a script, the parameter it reads and the type it is converted to."""

    name: str
    source: str
    hint: TypeHint


def arithmetic(instance_id: str, name: str, port_ids: tuple[str, ...], sources: list[str]) -> Chunk:
    """Build a two-operand component; `port_ids` are its inputs' ids, then its output's."""
    inputs = [
        _port("InputParam", index, port_ids[index], "AB"[index], source)
        for index, source in enumerate(sources)
    ]
    result = _port("OutputParam", 0, port_ids[-1], "Result")
    generic = [parts.guid(ids.GENERIC_PARAMETER)] * len(inputs)
    return parts.chunk(
        "Container",
        parts.labels(instance_id, name, name),
        parts.attributes(300, 0, 65, 44),
        _ports(inputs, [result], generic),
    )


def _port(kind: str, index: int, port_id: str, name: str, source: str = "") -> Chunk:
    sources = [parts.guid(source)] if source else []
    entries = {
        **parts.labels(port_id, name, name[:1]),
        "Optional": parts.switch(on=kind == "InputParam"),
        "SourceCount": parts.whole(len(sources)),
    }
    spot = parts.attributes(300, 20 * index, 14)
    return parts.chunk(kind, entries, spot, index=index, Source=sources)


def _ports(inputs: list[Chunk], outputs: list[Chunk], input_ids: list[parts.Typed]) -> Chunk:
    counts = {"InputCount": parts.whole(len(inputs)), "OutputCount": parts.whole(len(outputs))}
    output_ids = (input_ids or [parts.guid(ids.GENERIC_PARAMETER)])[:1] * len(outputs)
    return parts.chunk(
        "ParameterData", counts, *inputs, *outputs, InputId=input_ids, OutputId=output_ids
    )


def python_script(
    instance_id: str, title: str, source: str, inputs: list[Chunk], outputs: list[Chunk]
) -> Chunk:
    """Build a Rhino 8 Python 3 Script that holds `source`."""
    marshalling = {f"Marsh{what}": parts.switch(on=True) for what in ("Guids", "Inputs", "Outputs")}
    unused = ("LibraryInput", "ScriptInput", "ScriptOutput", "StandardOutput")
    language = parts.chunk(
        "LanguageSpec", {"Taxon": parts.text("*.*.python"), "Version": parts.text("3.*")}
    )
    encoded = base64.b64encode(source.encode()).decode()
    script = parts.chunk(
        "Script",
        {**marshalling, "Text": parts.text(encoded), "Title": parts.text(title)},
        language,
    )
    entries = {
        **parts.labels(instance_id, "Python 3 Script", title, "Python 3 scripting component"),
        **marshalling,
        **{f"Using{name}Param": parts.switch(on=False) for name in unused},
        "GraftStandardOutputLines": parts.switch(on=True),
        "ScriptComponentVersion": parts.whole(3),
        "Tooltip": parts.text(""),
    }
    variables = [parts.guid(ids.SCRIPT_PARAMETER)] * len(inputs)
    spot = parts.attributes(500, 0, 90, 44)
    return parts.chunk("Container", entries, spot, _ports(inputs, outputs, variables), script)


def script_variable(
    kind: str, index: int, port_id: str, name: str, wired: ScriptInput | None = None
) -> Chunk:
    """Build one variable of a script; `kind` is `InputParam` or `OutputParam`."""
    hint_id, assembly, type_name = HINTS[wired.hint if wired else ""]
    sources = [parts.guid(wired.source)] if wired else []
    entries = {
        **parts.labels(port_id, name, name),
        "AllowTreeAccess": parts.switch(on=wired is not None),
        "Optional": parts.switch(on=wired is not None),
        "ScriptParamAccess": parts.whole(0),
        "ScriptParameterVersion": parts.whole(2),
        "ShowTypeHints": parts.switch(on=True),
        "SourceCount": parts.whole(len(sources)),
        "ToolTip": parts.text(""),
        "TypeHintID": parts.guid(hint_id),
    }
    converter = parts.chunk(
        "ConverterData", {"AssemblyName": parts.text(assembly), "TypeName": parts.text(type_name)}
    )
    spot = parts.attributes(500, 20 * index, 40)
    return parts.chunk(kind, entries, spot, converter, index=index, Source=sources)
