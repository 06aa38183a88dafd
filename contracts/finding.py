"""One broken rule of a contract folder: where it is and what mends it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is stable; `pointer` is an RFC 6901 JSON Pointer into `file` ("" is all of it)."""

    code: str
    file: Path
    pointer: str
    message: str
    what_to_do: str

    def __str__(self) -> str:
        """One line for a log or a person."""
        where = f" at {self.pointer}" if self.pointer else ""
        return f"{self.file}: {self.code}{where}: {self.message}"
