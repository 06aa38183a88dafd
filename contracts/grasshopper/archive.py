"""The tree both file forms hold: chunks of named, typed entries."""

from dataclasses import dataclass, field

from contracts.grasshopper.errors import GrasshopperFileError
from contracts.grasshopper.value_types import Value

NO_INDEX = -1
MAX_DEPTH = 100


# Not frozen: an archive has tens of thousands, and a frozen one takes three times as long to make.
@dataclass(slots=True, unsafe_hash=True)
class Entry:
    """One value of a chunk; `index` tells repeated names apart (-1: not repeated)."""

    name: str
    index: int
    type_code: int
    value: Value


@dataclass(frozen=True, slots=True)
class Chunk:
    """A named node with entries and child chunks, in file order."""

    name: str
    index: int = NO_INDEX
    entries: tuple[Entry, ...] = ()
    chunks: tuple["Chunk", ...] = field(default=())

    def find(self, name: str, index: int = NO_INDEX) -> Value | None:
        """Return the entry's value, or None when the chunk has no such entry."""
        for entry in self.entries:
            if entry.name == name and entry.index == index:
                return entry.value
        return None

    def text(self, name: str, default: str = "") -> str:
        """Return a text or GUID entry; any other type raises GrasshopperFileError."""
        value = self.find(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise GrasshopperFileError(f"{self.name}.{name} is not a text")
        return value

    def number(self, name: str) -> float | None:
        """Return a numeric entry; any other type raises GrasshopperFileError."""
        value = self.find(name)
        if value is None:
            return None
        if not isinstance(value, (int, float)):
            raise GrasshopperFileError(f"{self.name}.{name} is not a number")
        return value

    def integer(self, name: str, default: int = 0) -> int:
        """Return an integer entry; any other type raises GrasshopperFileError."""
        value = self.find(name)
        if value is None:
            return default
        if not isinstance(value, int):
            raise GrasshopperFileError(f"{self.name}.{name} is not an integer")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean entry; any other type raises GrasshopperFileError."""
        value = self.find(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise GrasshopperFileError(f"{self.name}.{name} is not a boolean")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the repeated text or GUID entries of that name, by index."""
        found = sorted(
            (entry.index, entry.value)
            for entry in self.entries
            if entry.name == name and entry.index >= 0 and isinstance(entry.value, str)
        )
        return tuple(value for _, value in found)

    def child(self, *path: str) -> "Chunk | None":
        """Follow the first chunk of each name; None when one is missing."""
        chunk: Chunk | None = self
        for name in path:
            chunk = next((c for c in chunk.chunks if c.name == name), None) if chunk else None
        return chunk

    def children(self, name: str) -> list["Chunk"]:
        """Return the repeated child chunks of that name, by index."""
        return sorted((c for c in self.chunks if c.name == name), key=lambda c: c.index)
