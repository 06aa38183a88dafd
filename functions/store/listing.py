"""Pages of a tenant's jobs, and the timeline of one."""

from uuid import UUID

from psycopg.types.json import Jsonb

from functions.domain.job import Job
from functions.domain.job_event import JobEvent
from functions.domain.job_filter import JobFilter
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("listing.sql")


async def list_jobs(
    connection: Connection, tenant_id: UUID, app_id: str, wanted: JobFilter
) -> list[Job]:
    """Newest first; one job more than the limit shows that another page follows."""
    values = page_values(tenant_id, app_id, wanted)
    cursor = await connection.execute(_SQL["page"], values)
    return [Job(**row) for row in await cursor.fetchall()]


def page_values(tenant_id: UUID, app_id: str, wanted: JobFilter) -> dict[str, object]:
    """Parameters of the statement; None means any."""
    return {
        "tenant_id": tenant_id,
        "app_id": app_id,
        "statuses": None if wanted.statuses is None else list(wanted.statuses),
        "definition": wanted.definition,
        "version": wanted.version,
        "created_after": wanted.created_after,
        "created_before": wanted.created_before,
        "labels": None if wanted.labels is None else Jsonb(dict(wanted.labels)),
        "last_at": None if wanted.cursor is None else wanted.cursor.created_at,
        "last_id": None if wanted.cursor is None else wanted.cursor.job_id,
        "limit": wanted.limit + 1,
    }


async def list_events(connection: Connection, job_id: UUID, since: int) -> list[JobEvent]:
    """Steps after number `since`, at most 1,000."""
    cursor = await connection.execute(_SQL["events"], {"id": job_id, "since": since})
    return [JobEvent(**row) for row in await cursor.fetchall()]
