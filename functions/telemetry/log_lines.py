"""What log lines say about whom, and how long something took."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

import structlog

from functions.domain.job import Run
from functions.domain.study import StudyKey

log = structlog.stdlib.get_logger("kuduso")


def bind_run(run: Run) -> None:
    """Every line of this task from now on is about this run's job."""
    structlog.contextvars.bind_contextvars(
        app_id=run.app_id,
        tenant_id=str(run.tenant_id),
        job_id=str(run.job_id),
        definition=run.ref.definition,
        version=run.ref.version,
        correlation_id=run.correlation_id,
    )


def bind_study(key: StudyKey, correlation_id: str | None = None) -> None:
    """Every line of this task from now on is about this study."""
    structlog.contextvars.bind_contextvars(
        app_id=key.app_id, tenant_id=str(key.tenant_id), study_id=str(key.study_id)
    )
    if correlation_id is not None:
        structlog.contextvars.bind_contextvars(correlation_id=correlation_id)


def between_ms(start: datetime, end: datetime) -> float:
    """Milliseconds between two instants, 0 when clocks disagree about their order."""
    return max(0.0, round((end - start).total_seconds() * 1000, 1))


@contextmanager
def timed(event: str, **fields: object) -> Generator[dict[str, object]]:
    """Log an event when the block ends, with its duration; `code` tells why it failed.

    Yields:
        What the line shall say besides; the block may add to it.
    """
    started = time.perf_counter()
    code = "ok"
    try:
        yield fields
    except BaseException as error:
        code = str(getattr(error, "code", type(error).__name__))
        raise
    finally:
        duration_ms = round((time.perf_counter() - started) * 1000, 1)
        log.info(event, duration_ms=duration_ms, code=code, **fields)
