r"""The engine's error texts, kept short and without stack traces.

Source: Rhino.Compute, `errors: ["message: component \"Name\" (guid)"]`.
"""

import re
from collections.abc import Sequence

from contracts.errors import Violation

MAX_FAULTS = 50
MAX_MESSAGE = 500
_TEXT = re.compile(r'(?s)(.*): component "(.*)" \(([0-9a-fA-F-]{36})\)\s*')
_TRACE_LINE = re.compile(r'\s+|Traceback|File "|at ')


def component_faults(errors: Sequence[str]) -> list[Violation]:
    """One entry for each failed component; its name and GUID are part of the message."""
    return [Violation("", "component_error", _short(text)) for text in errors[:MAX_FAULTS]]


def _short(text: str) -> str:
    match = _TEXT.fullmatch(text)
    if match is None:
        return _without_trace(text)
    message, name, guid = match.groups()
    return f'{_without_trace(message)}: component "{name[:MAX_MESSAGE]}" ({guid})'


def _without_trace(message: str) -> str:
    """The lines that a person wrote: a script's stack trace shows paths of the engine."""
    lines = [line for line in message.splitlines() if line and not _TRACE_LINE.match(line)]
    return " ".join(lines)[:MAX_MESSAGE] or "The component failed"
