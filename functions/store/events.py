"""The timeline of a job: one row a step, numbered without a gap."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from contracts.model import JsonObject
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("runs.sql")


@dataclass(frozen=True, slots=True)
class JobKey:
    """What every row of a job carries."""

    job_id: UUID
    tenant_id: UUID
    app_id: str

    def values(self) -> dict[str, object]:
        """As parameters of a statement."""
        return {"id": self.job_id, "tenant_id": self.tenant_id, "app_id": self.app_id}


async def note(
    connection: Connection, key: JobKey, event: str, now: datetime, detail: JsonObject | None = None
) -> None:
    """Add a step. The transaction has updated the job's row before, which orders the numbers."""
    values = {**key.values(), "event": event, "now": now, "detail": Jsonb(detail or {})}
    await connection.execute(_SQL["note"], values)
