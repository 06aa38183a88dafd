"""Doorbells that are written with the job and sent after the commit."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from contracts.wire.message import JobMessage
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("outbox.sql")

# A job, the attempt that its doorbell asks for, and when the broker took it.
Sent = tuple[UUID, int, datetime]


async def add_doorbell(
    connection: Connection, message: JobMessage, due_at: datetime, now: datetime
) -> None:
    """Ask for another attempt, or for the same one again."""
    await connection.execute(
        _SQL["add"],
        {
            "job_id": message.job_id,
            "attempt": message.attempt,
            "tenant_id": message.tenant_id,
            "app_id": message.app_id,
            "message": Jsonb(message.model_dump(mode="json")),
            "due_at": due_at,
            "now": now,
        },
    )


async def mark_sent(connection: Connection, sent: Sequence[Sent]) -> None:
    """The broker has the messages."""
    job_ids, attempts, instants = zip(*sent, strict=True)
    values = {"job_ids": list(job_ids), "attempts": list(attempts), "instants": list(instants)}
    await connection.execute(_SQL["mark_sent"], values)


async def list_unsent(
    connection: Connection, app_ids: Iterable[str], before: datetime, limit: int
) -> list[tuple[JobMessage, datetime]]:
    """Messages written before an instant that nobody has sent, with the instant they are due."""
    cursor = await connection.execute(
        _SQL["unsent"], {"app_ids": list(app_ids), "before": before, "limit": limit}
    )
    rows = await cursor.fetchall()
    return [(JobMessage.model_validate(row["message_json"]), row["due_at"]) for row in rows]


async def forget_sent(connection: Connection, app_ids: Iterable[str], before: datetime) -> int:
    """Delete rows that were sent before an instant; the number of them."""
    cursor = await connection.execute(
        _SQL["forget_sent"], {"app_ids": list(app_ids), "before": before}
    )
    return cursor.rowcount
