"""Claims are exclusive, writes are fenced, ends are final."""

import asyncio
from datetime import timedelta

from contracts.model import JsonObject
from functions.domain.artifact import Artifact
from functions.domain.job import Job, Run
from functions.store.jobs import get_job, get_outputs
from functions.store.outbox import list_unsent, mark_sent
from functions.store.runs import cancel, fail, list_expired_leases, renew_lease, requeue, succeed
from functions.store.tenant import Database
from tests.builders.jobs import (
    APP,
    LEASE,
    START,
    TENANT,
    a_job,
    capacity,
    claimed,
    submitted,
    submitted_and_claimed,
)

AFTER_LEASE = START + LEASE + timedelta(seconds=1)
ERROR: JsonObject = {"code": "engine_error", "detail": "gone"}


async def job_of(database: Database, run: Run) -> Job:
    async with database.tenant(TENANT, [APP]) as connection:
        job = await get_job(connection, run.job_id, [APP])
    assert job is not None
    return job


async def succeeded(database: Database, run: Run, artifacts: list[Artifact] | None = None) -> bool:
    async with database.tenant(TENANT, [APP]) as connection:
        return await succeed(connection, run, {"result": 42}, None, artifacts or [], START)


async def requeued(database: Database, run: Run, wait_s: float = 0) -> bool:
    due_at = START + timedelta(seconds=wait_s)
    async with database.tenant(TENANT, [APP]) as connection:
        return await requeue(connection, run, ERROR, due_at, START)


async def taken_over(database: Database, run: Run) -> Run:
    """What the timer and the next worker do once a lease has expired."""
    async with database.platform([APP]) as connection:
        (lost,) = await list_expired_leases(connection, [APP], AFTER_LEASE, 10)
    assert lost == run
    assert await requeued(database, lost)
    again = await claimed(database, AFTER_LEASE)
    assert again is not None
    return again


async def test_of_many_workers_one_claims(database: Database) -> None:
    await submitted(database)
    runs = await asyncio.gather(*(claimed(database) for _ in range(8)))
    assert len([run for run in runs if run is not None]) == 1


async def test_a_finished_job_is_never_claimed_again(database: Database) -> None:
    run = await submitted_and_claimed(database)
    assert await succeeded(database, run)
    assert await claimed(database, AFTER_LEASE) is None
    assert (await job_of(database, run)).status == "succeeded"


async def test_a_worker_that_lost_its_lease_cannot_write(database: Database) -> None:
    frozen = await submitted_and_claimed(database)
    taken = await taken_over(database, frozen)
    assert (taken.attempt, taken.lease_token) == (2, frozen.lease_token + 1)
    assert not await succeeded(database, frozen)
    async with database.tenant(TENANT, [APP]) as connection:
        assert not await fail(connection, frozen, ERROR, START)
        assert not await requeue(connection, frozen, ERROR, START, START)
        assert not await cancel(connection, frozen, START)
        assert not await renew_lease(connection, frozen, AFTER_LEASE)
        assert await get_outputs(connection, frozen.job_id) is None
    assert await succeeded(database, taken)
    assert not await succeeded(database, taken)


async def test_a_requeued_job_waits_until_it_is_due(database: Database) -> None:
    run = await submitted_and_claimed(database)
    assert await requeued(database, run, wait_s=30)
    job = await job_of(database, run)
    assert (job.status, job.last_error) == ("queued", ERROR)
    assert job.next_attempt_at == START + timedelta(seconds=30)
    assert await claimed(database, START + timedelta(seconds=29)) is None
    second = await claimed(database, START + timedelta(seconds=30))
    assert second is not None
    assert second.attempt == 2


async def test_attempts_are_bounded(database: Database) -> None:
    run = await submitted_and_claimed(database)
    assert await requeued(database, run)
    assert await claimed(database, room=capacity(max_attempts=1)) is None


async def test_events_have_no_gap(database: Database) -> None:
    run = await submitted_and_claimed(database)
    assert await succeeded(database, run)
    async with database.tenant(TENANT, [APP]) as connection:
        cursor = await connection.execute("SELECT seq, event FROM job_event ORDER BY seq")
        rows = [(row["seq"], row["event"]) for row in await cursor.fetchall()]
    assert rows == [(1, "job_submitted"), (2, "job_claimed"), (3, "job_succeeded")]


async def test_outbox_lists_what_was_not_sent(database: Database) -> None:
    sent, waiting = await submitted(database), await submitted(database, a_job())
    async with database.tenant(TENANT, [APP]) as connection:
        await mark_sent(connection, [(sent.job_id, 1, START)])
    async with database.platform([APP]) as connection:
        assert await list_unsent(connection, [APP], START, 10) == [(waiting, START)]
