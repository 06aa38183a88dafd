"""Ends of jobs that no run holds: cancelled while queued, or waited too long."""

from collections.abc import Iterable
from datetime import datetime

from psycopg.types.json import Jsonb

from contracts.model import JsonObject
from functions.store.events import JobKey, note
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("runs.sql")


async def cancel_queued(connection: Connection, key: JobKey, now: datetime) -> bool:
    """End a queued job at once; False when it is not queued."""
    cursor = await connection.execute(_SQL["cancel_queued"], {"id": key.job_id, "now": now})
    if cursor.rowcount == 0:
        return False
    await note(connection, key, "job_cancelled", now)
    return True


async def ask_to_cancel(connection: Connection, key: JobKey, now: datetime) -> bool:
    """Tell the run that holds the job to stop; False when nobody runs it or it was told before."""
    cursor = await connection.execute(_SQL["ask_to_cancel"], {"id": key.job_id, "now": now})
    if cursor.rowcount == 0:
        return False
    await note(connection, key, "job_cancel_requested", now)
    return True


async def expire_overdue(
    connection: Connection, app_ids: Iterable[str], error: JsonObject, now: datetime, limit: int
) -> int:
    """End queued jobs that have waited too long; the number of them."""
    values = {"app_ids": list(app_ids), "error": Jsonb(error), "now": now, "limit": limit}
    cursor = await connection.execute(_SQL["expire_overdue"], values)
    expired = await cursor.fetchall()
    for row in expired:
        key = JobKey(row["id"], row["tenant_id"], row["app_id"])
        await note(connection, key, "job_expired", now)
    return len(expired)
