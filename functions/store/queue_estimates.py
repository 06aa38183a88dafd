"""What waits before a job, and how long runs take."""

from collections.abc import Mapping
from uuid import UUID

from contracts.model import ContractRef
from functions.domain.job import Job
from functions.store.statements import load
from functions.store.tenant import Connection, Row

MOST_COUNTED = 10_000
_SQL = load("queue_estimates.sql")


async def count_ahead(connection: Connection, job: Job) -> int:
    """How many queued jobs of the same tenant and app come before this one, at most 10,000."""
    row = await _row(
        connection,
        "ahead",
        {
            "app_id": job.app_id,
            "tenant_id": job.tenant_id,
            "priority": job.priority,
            "created_at": job.created_at,
            "id": job.id,
            "limit": MOST_COUNTED,
        },
    )
    return row["ahead"]


async def median_run_s(connection: Connection, app_id: str, ref: ContractRef) -> float | None:
    """Median duration of the latest 50 succeeded runs that the transaction sees; None of none."""
    values = {"app_id": app_id, "definition": ref.definition, "version": ref.version}
    return (await _row(connection, "median_run", values))["median_s"]


async def count_load(connection: Connection, tenant_id: UUID, app_id: str) -> tuple[int, int]:
    """Queued (at most 10,000) and running jobs of a tenant in an app."""
    values = {"app_id": app_id, "tenant_id": tenant_id, "limit": MOST_COUNTED}
    row = await _row(connection, "load", values)
    return row["queued"], row["running"]


async def _row(connection: Connection, name: str, values: Mapping[str, object]) -> Row:
    row = await (await connection.execute(_SQL[name], values)).fetchone()
    if row is None:
        raise LookupError(f"{name} answers with one row")
    return row
