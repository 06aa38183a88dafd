"""Reading and submitting jobs."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from psycopg.types.json import Jsonb

from contracts.model import JsonObject
from contracts.wire.message import JobMessage
from functions.domain.job import Job, NewJob, doorbell
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("jobs.sql")


async def insert_job(connection: Connection, job: NewJob, message: JobMessage) -> None:
    """Write the job, its first event and its doorbell in one statement."""
    await connection.execute(_SQL["insert"], _values(job, message))


async def insert_jobs(connection: Connection, jobs: Sequence[NewJob]) -> None:
    """Write each job, its first event and its doorbell; one round trip for all."""
    if jobs:
        insert = _SQL["insert"]
        rows = [_values(job, doorbell(job, attempt=1)) for job in jobs]
        await connection.execute_all([(insert, row) for row in rows])


def _values(job: NewJob, message: JobMessage) -> dict[str, object]:
    return {
        "id": job.job_id,
        "tenant_id": job.tenant_id,
        "app_id": job.app_id,
        "definition": job.ref.definition,
        "version": job.ref.version,
        "inputs_hash": job.inputs_hash,
        "inputs": Jsonb(job.inputs),
        "correlation_id": job.correlation_id,
        "traceparent": job.traceparent,
        "labels": Jsonb(dict(job.labels)),
        "created_at": job.created_at,
        "expires_at": job.expires_at,
        "message": Jsonb(message.model_dump(mode="json")),
    }


async def get_job(connection: Connection, job_id: UUID, app_ids: Iterable[str]) -> Job | None:
    """The job, if it is one of these apps and the transaction's tenant may see it."""
    cursor = await connection.execute(_SQL["get"], {"id": job_id, "app_ids": list(app_ids)})
    row = await cursor.fetchone()
    return None if row is None else Job(**row)


async def get_provenance(connection: Connection, job_id: UUID) -> JsonObject | None:
    """What the AppServer signed about a succeeded job's outputs."""
    cursor = await connection.execute(_SQL["get_provenance"], {"id": job_id})
    row = await cursor.fetchone()
    return None if row is None else row["provenance_json"]


async def get_outputs(connection: Connection, job_id: UUID) -> JsonObject | None:
    """The outputs of a succeeded job."""
    cursor = await connection.execute(_SQL["get_outputs"], {"id": job_id})
    row = await cursor.fetchone()
    return None if row is None else row["outputs_json"]
