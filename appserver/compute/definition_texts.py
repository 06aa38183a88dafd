"""Definition files as the engine reads and remembers them, encoded once."""

import base64
import hashlib
from dataclasses import dataclass, field

from appserver.domain.errors import AppServerError
from contracts.model import DefinitionFile


@dataclass(frozen=True, slots=True)
class DefinitionText:
    """A file in base64, and the key under which an engine that has read it knows it again.

    The key is the engine's own content hash, `md5_` with the MD5 of the base64 text: neither a path
    nor a URL, so that no request can point the engine at something else.

    Source: Rhino.Compute, `DataCache.CreateCacheKey`.
    """

    text: str
    key: str

    @classmethod
    def of(cls, content: bytes) -> "DefinitionText":
        """Encode a file."""
        text = base64.b64encode(content)
        digest = hashlib.md5(text, usedforsecurity=False).hexdigest().upper()
        return cls(text.decode(), f"md5_{digest}")


@dataclass(frozen=True, slots=True)
class DefinitionTexts:
    """Texts by the SHA-256 of the file: a released file never changes."""

    _texts: dict[str, DefinitionText] = field(default_factory=dict[str, DefinitionText])

    def find(self, file: DefinitionFile) -> DefinitionText:
        """The file's text and key.

        Raises:
            AppServerError: the file is not the one that was checked at start.
        """
        found = self._texts.get(file.sha256)
        if found is None:
            content = file.path.read_bytes()
            if hashlib.sha256(content).hexdigest() != file.sha256:
                raise AppServerError("The definition file changed after the start.")
            found = self._texts[file.sha256] = DefinitionText.of(content)
        return found
