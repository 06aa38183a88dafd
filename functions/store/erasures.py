"""Erasing a job and keeping the proof of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from functions.domain.job import Job, JobStatus
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("erasures.sql")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A job whose files are not linked any more; a run that begins later changes the token."""

    status: JobStatus
    lease_token: int


async def withdraw_artifacts(
    connection: Connection, job_id: UUID, app_ids: Iterable[str], now: datetime
) -> Withdrawn | None:
    """Expire the files of a job that is not running; None when there is no such job.

    From here on nobody gets a link to them, no submission is answered with them, and the timer that
    deletes expired files finishes what a crash leaves.
    """
    values = {"id": job_id, "app_ids": list(app_ids), "now": now}
    row = await (await connection.execute(_SQL["begin"], values)).fetchone()
    return None if row is None else Withdrawn(**row)


async def erase_rows(
    connection: Connection,
    job: Job,
    withdrawn: Withdrawn,
    artifacts: int,
    correlation_id: str,
    now: datetime,
) -> bool:
    """Delete every row of the job and write the proof; False when a run has begun meanwhile."""
    cursor = await connection.execute(
        _SQL["finish"],
        {
            "id": job.id,
            "lease_token": withdrawn.lease_token,
            "artifacts": artifacts,
            "correlation_id": correlation_id,
            "now": now,
        },
    )
    if cursor.rowcount != 1:
        return False
    await connection.execute(_SQL["forget_letters"], {"id": job.id, "app_id": job.app_id})
    names = {"tenant_id": job.tenant_id, "app_id": job.app_id, "job_id": str(job.id)}
    await connection.execute(_SQL["forget_keys"], names)
    return True


async def is_erased(connection: Connection, job_id: UUID, app_ids: Iterable[str]) -> bool:
    """Whether there is a proof that the tenant's job was erased."""
    cursor = await connection.execute(_SQL["is_erased"], {"id": job_id, "app_ids": list(app_ids)})
    return await cursor.fetchone() is not None
