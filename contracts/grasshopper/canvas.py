"""The objects of a definition under construction, and the archive they become.

Ids derive from the definition's name and the object's position, so a rebuild changes nothing by
itself.
"""

import uuid

from contracts.grasshopper import chunk_parts as parts
from contracts.grasshopper import value_types as vt
from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.contextual import Placed
from contracts.grasshopper.document import Library
from contracts.grasshopper.files import write_binary, write_xml

ID_NAMESPACE = uuid.UUID("0b1f4c1e-5f9e-4c1c-9a55-2f6d1f0a7e11")
SAVED_AT_TICKS = 638990499974020042  # any fixed instant: the file must not change by itself


class Canvas:
    """Collects objects in document order."""

    def __init__(self, name: str, description: str) -> None:
        self._name = name
        self._description = description
        self._objects: list[Chunk] = []
        self._plugins: list[Library] = []

    def require_plugin(self, plugin: Library) -> None:
        """State a plugin that a script needs; a plugin's own components state theirs."""
        self._plugins.append(plugin)

    def to_ghx(self) -> bytes:
        """Return the definition as XML."""
        return write_xml(self._root())

    def to_gh(self) -> bytes:
        """Return the definition as a binary archive."""
        return write_binary(self._root())

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
        libraries = [_library(one, at) for at, one in enumerate(self._plugins)]
        needed = [parts.chunk("GHALibraries", {"Count": parts.whole(len(libraries))}, *libraries)]
        chunks = (header, properties, *(needed if libraries else ()), listed)
        definition = parts.chunk("Definition", version, *chunks)
        return parts.chunk("Root", {"ArchiveVersion": (vt.VERSION, (0, 2, 2))}, definition)


def _library(plugin: Library, index: int) -> Chunk:
    entries = {
        "AssemblyFullName": parts.text(f"{plugin.name}, Version={plugin.version}"),
        "AssemblyVersion": parts.text(plugin.version),
        "Id": parts.guid(plugin.library_id),
        "Name": parts.text(plugin.name),
        "Version": parts.text(plugin.version),
    }
    return parts.chunk("Library", entries, index=index)
