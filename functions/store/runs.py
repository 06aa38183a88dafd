"""Runs: a claimed job, held by a lease; every write is guarded by the fencing token."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from psycopg.types.json import Jsonb

from contracts.model import JsonObject
from contracts.wire.message import JobMessage
from functions.domain.artifact import Artifact
from functions.domain.job import Run, doorbell
from functions.domain.score import best_score
from functions.store.artifacts import add_artifacts
from functions.store.events import JobKey
from functions.store.outbox import add_doorbell
from functions.store.seats import read_run, renew_seat
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("runs.sql")


async def read_ring(
    connection: Connection, message: JobMessage
) -> Literal["due", "answered", "unknown"]:
    """Whether the attempt that a doorbell asks for is still to be made.

    `answered`: somebody has claimed it, or the job has ended or was erased. `unknown`: its tenant
    never had such a job.
    """
    values = {"id": message.job_id, "tenant_id": message.tenant_id, "attempt": message.attempt}
    row = await (await connection.execute(_SQL["read_ring"], values)).fetchone()
    if row is None:
        return "unknown"
    return "due" if row["is_due"] else "answered"


async def is_known(connection: Connection, message: JobMessage) -> bool:
    """Whether the message speaks of a job of its tenant, erased ones included."""
    return await read_ring(connection, message) != "unknown"


async def read_beat(connection: Connection, run: Run) -> Literal["held", "cancelled", "lost"]:
    """Whether the run still holds its job, and whether the tenant wants it to stop."""
    cursor = await connection.execute(_SQL["beat"], _guard(run))
    row = await cursor.fetchone()
    if row is None:
        return "lost"
    return "cancelled" if row["is_cancelled"] else "held"


async def renew_lease(connection: Connection, run: Run, lease_expires_at: datetime) -> bool:
    """Hold job and seat longer; False when either belongs to somebody else by now."""
    if not await _guarded(connection, "renew_lease", run, lease_expires_at=lease_expires_at):
        return False
    return await renew_seat(connection, run, lease_expires_at)


async def succeed(
    connection: Connection,
    run: Run,
    outputs: JsonObject,
    provenance: JsonObject | None,
    artifacts: Sequence[Artifact],
    now: datetime,
) -> bool:
    """Write the result, its artifacts and the final status; False when fenced off.

    `provenance` is what the AppServer signed, None where it has no key.
    """
    signed = None if provenance is None else Jsonb(provenance)
    result = {"outputs": Jsonb(outputs), "provenance": signed, "score": best_score(outputs)}
    if not await _guarded(connection, "succeed", run, now=now, **result):
        return False
    await add_artifacts(connection, run, artifacts, now)
    await _conclude(connection, run, "job_succeeded", now, {"attempt": run.attempt})
    return True


async def fail(connection: Connection, run: Run, error: JsonObject, now: datetime) -> bool:
    """End the job with an error; False when fenced off."""
    if not await _guarded(connection, "fail", run, now=now, error=Jsonb(error)):
        return False
    await _conclude(connection, run, "job_failed", now, {"code": error["code"]})
    return True


async def requeue(
    connection: Connection,
    run: Run,
    error: JsonObject,
    due_at: datetime,
    now: datetime,
    again: JobMessage | None = None,
) -> bool:
    """Give the job back and write a doorbell: `again`, by default the next attempt's.

    False when fenced off, or when the tenant wants the job to stop.
    """
    again = again or doorbell(run, run.attempt + 1)
    values = {"due_at": due_at, "error": Jsonb(error), "attempts": again.attempt - 1}
    if not await _guarded(connection, "requeue", run, **values):
        return False
    await add_doorbell(connection, again, due_at, now)
    await _conclude(connection, run, "job_requeued", now, {"code": error["code"]})
    return True


async def cancel(connection: Connection, run: Run, now: datetime) -> bool:
    """End a running job as its tenant asked; False when fenced off."""
    if not await _guarded(connection, "cancel", run, now=now):
        return False
    await _conclude(connection, run, "job_cancelled", now, {"attempt": run.attempt})
    return True


async def list_expired_leases(
    connection: Connection,
    app_ids: Iterable[str],
    now: datetime,
    limit: int,
    grace: timedelta = timedelta(0),
) -> list[Run]:
    """Runs whose holder has stopped renewing, longest first.

    Long ones have an orchestration that looks after them until this long after their deadline.
    """
    values = {"app_ids": list(app_ids), "now": now, "limit": limit}
    cursor = await connection.execute(
        _SQL["expired_leases"], {**values, "overdue_since": now - grace}
    )
    return [read_run(row) for row in await cursor.fetchall()]


async def _conclude(
    connection: Connection, run: Run, event: str, now: datetime, detail: JsonObject
) -> None:
    step = {"event": event, "now": now, "detail": Jsonb(detail)}
    await connection.execute(_SQL["conclude"], {**_guard(run), **_key(run).values(), **step})


async def _guarded(connection: Connection, name: str, run: Run, **values: object) -> bool:
    cursor = await connection.execute(_SQL[name], {**_guard(run), **values})
    return cursor.rowcount == 1


def _guard(run: Run) -> dict[str, object]:
    return {"id": run.job_id, "lease_token": run.lease_token}


def _key(run: Run) -> JobKey:
    return JobKey(run.job_id, run.tenant_id, run.app_id)
