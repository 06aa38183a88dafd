"""Rows of jobs and messages that were given up."""

from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from contracts.model import JsonObject
from functions.domain.dead_letter import DeadLetter, JobReason, fingerprint
from functions.domain.job import Run
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("dead_letters.sql")


async def record_dead_letter(
    connection: Connection,
    run: Run,
    error: JsonObject,
    *,
    letter_id: UUID,
    reason: JobReason,
    now: datetime,
) -> None:
    """Note that a job was given up; in the transaction that ends the job.

    Args:
        connection: the transaction, of the run's tenant or of the platform.
        run: the last attempt.
        error: `last_error` of the job (`error_record`).
        letter_id: a fresh id.
        reason: `permanent`, or `attempts_exhausted` when another attempt might have helped.
        now: aware UTC.
    """
    letter = DeadLetter(
        id=letter_id,
        tenant_id=run.tenant_id,
        app_id=run.app_id,
        job_id=run.job_id,
        reason=reason,
        fingerprint=fingerprint(run.app_id, run.ref, error),
        error=error,
        message=None,
        attempts=run.attempt,
        created_at=now,
    )
    await insert_dead_letter(connection, letter)


async def insert_dead_letter(connection: Connection, letter: DeadLetter) -> bool:
    """Write one row; False when it is there already: a message may be drained twice."""
    cursor = await connection.execute(
        _SQL["insert"],
        {
            "id": letter.id,
            "tenant_id": letter.tenant_id,
            "app_id": letter.app_id,
            "job_id": letter.job_id,
            "reason": letter.reason,
            "fingerprint": letter.fingerprint,
            "error": Jsonb(letter.error),
            "message": letter.message,
            "attempts": letter.attempts,
            "created_at": letter.created_at,
        },
    )
    return cursor.rowcount == 1
