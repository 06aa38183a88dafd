"""The document a Grasshopper archive holds: objects, their parameters and wires."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.errors import GrasshopperFileError
from contracts.grasshopper.files import read_archive

Side = Literal["floating", "input", "output"]
FLATTEN = 1
GRAFT = 2


@dataclass(frozen=True, slots=True)
class Library:
    """A plugin the document needs (core libraries are not listed)."""

    library_id: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A place data flows through; `sources` are the ids of the parameters it reads.

    `access` is 0 for single values, 1 for lists, 2 for trees.
    """

    parameter_id: str
    name: str
    nickname: str
    side: Side
    owner_id: str
    sources: tuple[str, ...]
    access: int
    is_optional: bool
    chunk: Chunk

    @property
    def pivot_y(self) -> float:
        """The vertical position on the canvas, which orders `/io` answers."""
        attributes = self.chunk.child("Attributes")
        pivot = attributes.find("Pivot") if attributes else None
        return pivot[1] if isinstance(pivot, tuple) else 0.0


@dataclass(frozen=True, slots=True)
class DocumentObject:
    """A component, a floating parameter, a group or a note, in document order."""

    component_id: str
    object_id: str
    name: str
    nickname: str
    container: Chunk
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]
    floating: Parameter | None

    @property
    def type_name(self) -> str:
        """The type of a floating parameter's values, as Rhino.Compute names it."""
        contextual = ids.CONTEXTUAL_INPUTS.get(self.component_id)
        return contextual or ids.FLOATING_PARAMETERS.get(self.component_id, "Generic Data")

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter of the object."""
        own = (self.floating,) if self.floating else ()
        return (*own, *self.inputs, *self.outputs)


@dataclass(frozen=True)
class Document:
    """A whole definition."""

    name: str
    description: str
    libraries: tuple[Library, ...]
    objects: tuple[DocumentObject, ...]

    @cached_property
    def objects_by_id(self) -> dict[str, DocumentObject]:
        """Objects by instance id."""
        return {thing.object_id: thing for thing in self.objects}

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """Parameters of all objects by instance id."""
        return {p.parameter_id: p for thing in self.objects for p in thing.parameters}


def read_document(content: bytes) -> Document:
    """Return the document of a `.gh` or `.ghx` file.

    Raises:
        GrasshopperFileError: The bytes are not an archive, or it holds no definition.
    """
    definition = read_archive(content).child("Definition")
    if definition is None:
        raise GrasshopperFileError("the archive holds no definition")
    properties = definition.child("DefinitionProperties") or Chunk("DefinitionProperties")
    listed = definition.child("DefinitionObjects")
    return Document(
        name=properties.text("Name"),
        description=properties.text("Description"),
        libraries=_libraries(definition),
        objects=tuple(_object(chunk) for chunk in listed.children("Object")) if listed else (),
    )


def _libraries(definition: Chunk) -> tuple[Library, ...]:
    listed = definition.child("GHALibraries")
    return tuple(_library(chunk) for chunk in listed.children("Library")) if listed else ()


def _library(chunk: Chunk) -> Library:
    # GhPython saves no name; its assembly does.
    name = chunk.text("Name") or chunk.text("AssemblyFullName").partition(",")[0]
    version = chunk.text("Version") or chunk.text("AssemblyVersion")
    return Library(chunk.text("Id"), name, version)


def _object(chunk: Chunk) -> DocumentObject:
    container = chunk.child("Container") or Chunk("Container")
    variable = container.child("ParameterData") or Chunk("ParameterData")
    inputs = [*variable.children("InputParam"), *container.children("param_input")]
    outputs = [*variable.children("OutputParam"), *container.children("param_output")]
    owner_id = container.text("InstanceGuid")
    # Only parameters store the number of their sources on the container itself.
    is_parameter = container.find("SourceCount") is not None
    return DocumentObject(
        component_id=chunk.text("GUID"),
        object_id=owner_id,
        name=chunk.text("Name"),
        nickname=container.text("NickName"),
        container=container,
        inputs=tuple(_parameter(c, owner_id, "input") for c in inputs),
        outputs=tuple(_parameter(c, owner_id, "output") for c in outputs),
        floating=_parameter(container, owner_id, "floating") if is_parameter else None,
    )


def _parameter(chunk: Chunk, owner_id: str, side: Side) -> Parameter:
    return Parameter(
        parameter_id=chunk.text("InstanceGuid"),
        name=chunk.text("Name"),
        nickname=chunk.text("NickName"),
        side=side,
        owner_id=owner_id,
        sources=chunk.texts("Source"),
        access=chunk.integer("ScriptParamAccess", chunk.integer("Access")),
        is_optional=chunk.flag("Optional"),
        chunk=chunk,
    )
