"""Claims are exclusive, writes are fenced, and messages may come twice."""

import asyncio
from datetime import timedelta

from contracts.model import JsonObject
from functions.domain.artifact import Artifact
from functions.domain.job import Job, Run, doorbell
from functions.store.jobs import get_job, get_outputs
from functions.store.outbox import list_unsent, mark_sent
from functions.store.runs import fail, renew_lease, requeue, succeed
from functions.store.tenant import Database
from tests.builders.jobs import APP, LEASE, START, TENANT, a_job, claimed, submitted

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


async def test_of_many_workers_one_claims(database: Database) -> None:
    message = await submitted(database)
    runs = await asyncio.gather(*(claimed(database, message) for _ in range(8)))
    assert len([run for run in runs if run is not None]) == 1


async def test_a_message_for_a_finished_job_finds_nothing(database: Database) -> None:
    message = await submitted(database)
    run = await claimed(database, message)
    assert run is not None
    assert await succeeded(database, run)
    assert await claimed(database, message, AFTER_LEASE) is None
    assert (await job_of(database, run)).status == "succeeded"


async def test_a_lost_run_is_taken_over_and_its_holder_fenced_off(database: Database) -> None:
    message = await submitted(database)
    frozen = await claimed(database, message)
    assert frozen is not None
    assert await claimed(database, message, START + LEASE / 2) is None
    taken = await claimed(database, message, AFTER_LEASE)
    assert taken is not None
    assert (taken.attempt, taken.lease_token) == (2, frozen.lease_token + 1)
    assert not await succeeded(database, frozen)
    async with database.tenant(TENANT, [APP]) as connection:
        assert not await fail(connection, frozen, ERROR, START)
        assert not await requeue(connection, frozen, ERROR, START, START)
        assert not await renew_lease(connection, frozen, AFTER_LEASE)
        assert await get_outputs(connection, frozen.job_id) is None
    assert await succeeded(database, taken)
    assert not await succeeded(database, taken)


async def test_a_requeued_job_waits_for_its_next_doorbell(database: Database) -> None:
    first = await submitted(database)
    run = await claimed(database, first)
    assert run is not None
    due_at = START + timedelta(seconds=30)
    async with database.tenant(TENANT, [APP]) as connection:
        assert await requeue(connection, run, ERROR, due_at, START)
    assert await claimed(database, first) is None
    job = await job_of(database, run)
    assert (job.status, job.next_attempt_at, job.last_error) == ("queued", due_at, ERROR)
    second = await claimed(database, doorbell(run, attempt=2))
    assert second is not None
    assert second.attempt == 2


async def test_attempts_are_bounded(database: Database) -> None:
    message = await submitted(database)
    assert await claimed(database, message, max_attempts=1) is not None
    assert await claimed(database, message, AFTER_LEASE, max_attempts=1) is None


async def test_events_have_no_gap(database: Database) -> None:
    message = await submitted(database)
    run = await claimed(database, message)
    assert run is not None
    assert await succeeded(database, run)
    async with database.tenant(TENANT, [APP]) as connection:
        cursor = await connection.execute("SELECT seq, event FROM job_event ORDER BY seq")
        rows = [(row["seq"], row["event"]) for row in await cursor.fetchall()]
    assert rows == [(1, "job_submitted"), (2, "job_claimed"), (3, "job_succeeded")]


async def test_outbox_lists_what_was_not_sent(database: Database) -> None:
    sent, waiting = await submitted(database), await submitted(database, a_job())
    async with database.tenant(TENANT, [APP]) as connection:
        await mark_sent(connection, sent.job_id, 1, START)
    async with database.platform([APP]) as connection:
        assert await list_unsent(connection, [APP], START, 10) == [(waiting, START)]
