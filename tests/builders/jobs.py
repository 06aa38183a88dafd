"""Jobs as a submission would write them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from contracts.model import ContractRef
from contracts.wire.message import JobMessage
from functions.domain.job import NewJob, Run, doorbell
from functions.store.jobs import insert_job
from functions.store.runs import claim_job
from functions.store.tenant import Database

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
TENANT = UUID("11111111-1111-4111-8111-111111111111")
OTHER_TENANT = UUID("22222222-2222-4222-8222-222222222222")
APP = "sitefit"
LEASE = timedelta(seconds=60)


def a_job(tenant_id: UUID = TENANT, app_id: str = APP) -> NewJob:
    return NewJob(
        job_id=uuid4(),
        tenant_id=tenant_id,
        app_id=app_id,
        ref=ContractRef("sitefit", "1.1.0"),
        inputs={"value": 32},
        inputs_hash="0" * 64,
        correlation_id="test",
        traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01",
        created_at=START,
        expires_at=START + timedelta(days=1),
    )


async def submitted(database: Database, job: NewJob | None = None) -> JobMessage:
    job = job or a_job()
    message = doorbell(job, attempt=1)
    async with database.tenant(job.tenant_id, [job.app_id]) as connection:
        await insert_job(connection, job, message)
    return message


async def claimed(
    database: Database, message: JobMessage, now: datetime = START, max_attempts: int = 5
) -> Run | None:
    async with database.tenant(message.tenant_id, [message.app_id]) as connection:
        return await claim_job(
            connection,
            message=message,
            max_attempts=max_attempts,
            now=now,
            lease_expires_at=now + LEASE,
        )
