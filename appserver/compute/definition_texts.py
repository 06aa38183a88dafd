"""Definition files as the engine reads them, encoded once."""

import base64
import hashlib
from dataclasses import dataclass, field

from appserver.domain.errors import AppServerError
from contracts.model import DefinitionFile


@dataclass(frozen=True, slots=True)
class DefinitionTexts:
    """Base64 texts by the SHA-256 of the file: a released file never changes."""

    _texts: dict[str, str] = field(default_factory=dict[str, str])

    def text(self, file: DefinitionFile) -> str:
        """The file in base64.

        Raises:
            AppServerError: the file is not the one that was checked at start.
        """
        if file.sha256 not in self._texts:
            content = file.path.read_bytes()
            if hashlib.sha256(content).hexdigest() != file.sha256:
                raise AppServerError("The definition file changed after the start.")
            self._texts[file.sha256] = base64.b64encode(content).decode()
        return self._texts[file.sha256]
