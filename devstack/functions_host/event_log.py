"""One JSON line per event on stderr, for the host and for whatever the app logs."""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

# The invocation in whose task or thread a line is logged: lines of the app carry it too.
invocation_fields: ContextVar[dict[str, str] | None] = ContextVar("invocation_fields", default=None)

_HOST = logging.getLogger("functions_host")
_ENCODER = json.JSONEncoder(default=str)


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        instant = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "ts": instant.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
            **(invocation_fields.get() or {}),
            **getattr(record, "event_fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["traceback"] = "".join(traceback.format_exception(record.exc_info[1]))
        return _ENCODER.encode(line)


def start_event_log() -> None:
    """Send every logger of the process to stderr as JSON lines; SDK loggers from warning up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    # No line shows them, and each costs a record a look-up.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # The SDK reports each failed attempt; the host says it once per outage.
    logging.getLogger("azure.servicebus").setLevel(logging.CRITICAL)
    for name in ("azure", "httpx", "httpcore", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)


def log_event(event: str, **fields: object) -> None:
    """Log one event of the host; `fields` are keys of the line."""
    _log(logging.INFO, event, fields)


def log_warning(event: str, **fields: object) -> None:
    """The same for something that the host gets over by itself."""
    _log(logging.WARNING, event, fields)


def log_error(event: str, error: BaseException, **fields: object) -> None:
    """The same for a failure, with its text and its traceback."""
    found = {
        "error": error_text(error),
        "traceback": "".join(traceback.format_exception(error)),
    }
    _log(logging.ERROR, event, fields | found)


def _log(level: int, event: str, fields: dict[str, object]) -> None:
    """Two events an invocation: nobody asks for the caller's line, so nobody looks for it."""
    if _HOST.isEnabledFor(level):
        record = logging.LogRecord(_HOST.name, level, "", 0, event, None, None)
        record.event_fields = fields
        _HOST.handle(record)


def error_text(error: BaseException) -> str:
    """An error as the Python worker reports it: ``ValueError: boom``."""
    return f"{type(error).__name__}: {error}"
