"""Results whose time is over."""

from datetime import datetime

from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("results.sql")


async def delete_older(
    connection: Connection, app_id: str, *, before: datetime, now: datetime, limit: int
) -> int:
    """Delete the oldest results written before an instant, and note it on their jobs.

    One whose files are still kept stays: a reader finds both or neither.
    """
    values = {"app_id": app_id, "before": before, "now": now, "limit": limit}
    cursor = await connection.execute(_SQL["delete_older"], values)
    return cursor.rowcount
