"""Jobs as a submission would write them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from contracts.model import ContractRef
from contracts.wire.message import JobMessage
from functions.domain.job import NewJob, Run, doorbell
from functions.store.jobs import insert_job
from functions.store.seats import Capacity, claim_next
from functions.store.tenant import Database

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
TENANT = UUID("11111111-1111-4111-8111-111111111111")
OTHER_TENANT = UUID("22222222-2222-4222-8222-222222222222")
APP = "sitefit"
LAYOUTS = "layouts"
LEASE = timedelta(seconds=60)


def a_job(tenant_id: UUID = TENANT, app_id: str = APP, created_at: datetime = START) -> NewJob:
    return NewJob(
        job_id=uuid4(),
        tenant_id=tenant_id,
        app_id=app_id,
        ref=ContractRef("sitefit", "1.1.0"),
        inputs={"value": 32},
        inputs_hash="0" * 64,
        correlation_id="test",
        traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01",
        created_at=created_at,
        expires_at=created_at + timedelta(days=1),
    )


async def submitted(database: Database, job: NewJob | None = None) -> JobMessage:
    job = job or a_job()
    message = doorbell(job, attempt=1)
    async with database.tenant(job.tenant_id, [job.app_id]) as connection:
        await insert_job(connection, job, message)
    return message


def capacity(seats: int = 100, max_attempts: int = 5, **weights: int) -> Capacity:
    return Capacity(APP, seats, max_attempts, weights)


async def claimed(
    database: Database,
    now: datetime = START,
    room: Capacity | None = None,
    rung: JobMessage | None = None,
) -> Run | None:
    async with database.platform([APP]) as connection:
        return await claim_next(
            connection, room or capacity(), now=now, lease_expires_at=now + LEASE, rung=rung
        )


async def submitted_and_claimed(database: Database, job: NewJob | None = None) -> Run:
    await submitted(database, job)
    run = await claimed(database)
    assert run is not None
    return run
