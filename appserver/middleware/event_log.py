"""One JSON line an event on standard error: `ts level event ...`, never a payload."""

import logging
import sys
from collections.abc import Callable

import orjson
import structlog


class _StandardError:
    """Writes to whatever standard error is now: a replaced stream is never held on to."""

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = msg


class _Library(logging.Handler):
    """Turns records of libraries (uvicorn, asyncio) into events of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno,
            "library_reported",
            logger=record.name,
            message=record.getMessage(),
            exc_info=record.exc_info,
        )


def _json_line(event: object, default: Callable[[object], object]) -> str:
    return orjson.dumps(event, default).decode()


def configure_event_log(level: str) -> None:
    """Send structlog's and the libraries' lines one way."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_json_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _StandardError(),
    )
    logging.basicConfig(handlers=[_Library()], level=level, force=True)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # httpx logs each call; the request line says the same with more context. uvicorn's access log
    # is replaced by it.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True
