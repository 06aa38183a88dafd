"""Rows of jobs and messages that were given up."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from contracts.model import ContractRef, JsonObject
from functions.domain.dead_letter import DeadLetter, GivenUpJob, Incident, JobReason, fingerprint
from functions.domain.job import Run
from functions.domain.letter_filter import LetterFilter, Place
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


async def list_dead_letters(
    connection: Connection, app_id: str, wanted: LetterFilter
) -> list[DeadLetter]:
    """One page, newest first."""
    cursor = await connection.execute(_SQL["list"], _page(app_id, wanted))
    return [DeadLetter(**row) for row in await cursor.fetchall()]


async def list_incidents(
    connection: Connection, app_id: str, wanted: LetterFilter
) -> list[Incident]:
    """One page of fingerprints, last seen first."""
    cursor = await connection.execute(_SQL["incidents"], _page(app_id, wanted))
    return [Incident(**row) for row in await cursor.fetchall()]


async def get_dead_letter(
    connection: Connection, app_id: str, letter_id: UUID
) -> DeadLetter | None:
    """One row, if it is this app's."""
    cursor = await connection.execute(_SQL["get"], {"id": letter_id, "app_id": app_id})
    row = await cursor.fetchone()
    return None if row is None else DeadLetter(**row)


async def list_waiting(
    connection: Connection, app_id: str, fingerprint: str, after: Place | None, limit: int
) -> list[Place]:
    """Dead letters of a fingerprint that were not replayed, oldest first."""
    values = {"app_id": app_id, "fingerprint": fingerprint, "limit": limit, **_place(after)}
    cursor = await connection.execute(_SQL["waiting"], values)
    return [Place(row["created_at"], row["id"]) for row in await cursor.fetchall()]


async def get_given_up_job(connection: Connection, letter: DeadLetter) -> GivenUpJob | None:
    """The job behind a dead letter; None when it never was one, or is erased."""
    values = {"id": letter.job_id, "app_id": letter.app_id}
    row = await (await connection.execute(_SQL["job"], values)).fetchone()
    if row is None:
        return None
    ref = ContractRef(row["definition"], row["version"])
    return GivenUpJob(row["tenant_id"], ref, row["payload_json"], row["labels"])


async def mark_replayed(
    connection: Connection, letter: DeadLetter, replayed_as: UUID, now: datetime
) -> bool:
    """Link the dead letter to its replay; False when it was replayed before.

    The given-up job's row is locked too, so that its timeline can be continued.
    """
    values = {"id": letter.id, "job_id": replayed_as, "now": now}
    cursor = await connection.execute(_SQL["mark_replayed"], values)
    await connection.execute(_SQL["lock_job"], {"id": letter.job_id})
    return cursor.rowcount == 1


async def forget_letters(
    connection: Connection, app_ids: Iterable[str], before: datetime, limit: int
) -> int:
    """Delete letters that were replayed, or else written, before an instant; their number."""
    values = {"app_ids": list(app_ids), "before": before, "limit": limit}
    return (await connection.execute(_SQL["forget"], values)).rowcount


def _page(app_id: str, wanted: LetterFilter) -> dict[str, object]:
    return {
        "app_id": app_id,
        "reason": wanted.reason,
        "fingerprint": wanted.fingerprint,
        "code": wanted.code,
        "limit": wanted.limit,
        **_place(wanted.after),
    }


def _place(after: Place | None) -> dict[str, object]:
    return {"at": after.at if after else None, "id": after.id if after else None}
