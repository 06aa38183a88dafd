"""Runs: a claimed job, held by a lease; every write is guarded by the fencing token."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from psycopg.types.json import Jsonb

from contracts.model import ContractRef, JsonObject
from contracts.wire.message import JobMessage
from functions.domain.artifact import Artifact
from functions.domain.job import Run, doorbell
from functions.store.artifacts import add_artifacts
from functions.store.outbox import add_doorbell
from functions.store.statements import load
from functions.store.tenant import Connection, Row

_SQL = load("runs.sql")


async def claim_job(
    connection: Connection,
    *,
    message: JobMessage,
    max_attempts: int,
    now: datetime,
    lease_expires_at: datetime,
) -> Run | None:
    """Take the job if this message's attempt is the one it waits for; None: nothing to do.

    A job whose holder let the lease of this very attempt expire is taken over; the former holder
    can no longer write.
    """
    cursor = await connection.execute(
        _SQL["claim"],
        {
            "id": message.job_id,
            "app_id": message.app_id,
            "attempt": message.attempt,
            "max_attempts": max_attempts,
            "now": now,
            "lease_expires_at": lease_expires_at,
        },
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    run = _run(row)
    await _note(connection, run, "job_claimed", now, {"attempt": run.attempt})
    return run


async def renew_lease(connection: Connection, run: Run, lease_expires_at: datetime) -> bool:
    """Hold the job longer; False when the lease belongs to somebody else by now."""
    return await _guarded(connection, "renew_lease", run, lease_expires_at=lease_expires_at)


async def succeed(
    connection: Connection,
    run: Run,
    outputs: JsonObject,
    score: float | None,
    artifacts: Sequence[Artifact],
    now: datetime,
) -> bool:
    """Write the result, its artifacts and the final status; False when fenced off."""
    if not await _guarded(connection, "succeed", run, now=now):
        return False
    await connection.execute(
        _SQL["insert_result"], {**_key(run), "outputs": Jsonb(outputs), "score": score, "now": now}
    )
    await add_artifacts(connection, run, artifacts, now)
    await _note(connection, run, "job_succeeded", now, {"attempt": run.attempt})
    return True


async def fail(connection: Connection, run: Run, error: JsonObject, now: datetime) -> bool:
    """End the job with an error; False when fenced off."""
    if not await _guarded(connection, "fail", run, now=now, error=Jsonb(error)):
        return False
    await _note(connection, run, "job_failed", now, {"code": error["code"]})
    return True


async def requeue(
    connection: Connection, run: Run, error: JsonObject, due_at: datetime, now: datetime
) -> bool:
    """Give the job back and write the next attempt's doorbell; False when fenced off."""
    if not await _guarded(connection, "requeue", run, due_at=due_at, error=Jsonb(error)):
        return False
    await add_doorbell(connection, doorbell(run, run.attempt + 1), due_at, now)
    await _note(connection, run, "job_requeued", now, {"code": error["code"]})
    return True


async def list_expired_leases(
    connection: Connection, app_ids: Iterable[str], now: datetime, limit: int
) -> list[Run]:
    """Runs whose holder has stopped renewing, longest first."""
    cursor = await connection.execute(
        _SQL["expired_leases"], {"app_ids": list(app_ids), "now": now, "limit": limit}
    )
    return [_run(row) for row in await cursor.fetchall()]


async def _guarded(connection: Connection, name: str, run: Run, **values: object) -> bool:
    cursor = await connection.execute(
        _SQL[name], {"id": run.job_id, "lease_token": run.lease_token, **values}
    )
    return cursor.rowcount == 1


async def _note(
    connection: Connection, run: Run, event: str, now: datetime, detail: JsonObject
) -> None:
    # The job row is locked by the update before, so sequence numbers have no gap.
    values = {**_key(run), "event": event, "now": now, "detail": Jsonb(detail)}
    await connection.execute(_SQL["note"], values)


def _key(run: Run) -> dict[str, object]:
    return {"id": run.job_id, "tenant_id": run.tenant_id, "app_id": run.app_id}


def _run(row: Row) -> Run:
    return Run(
        job_id=row["id"],
        tenant_id=row["tenant_id"],
        app_id=row["app_id"],
        ref=ContractRef(row["definition"], row["version"]),
        inputs=row["payload_json"],
        attempt=row["attempts"],
        lease_token=row["lease_token"],
        correlation_id=row["correlation_id"],
        traceparent=row["traceparent"] or "",
    )
