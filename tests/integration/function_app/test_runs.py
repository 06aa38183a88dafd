"""Leases are held while work goes on, given up when lost, and recovered when their holder died."""

import asyncio
from datetime import timedelta

import pytest

from functions.domain.caller import Caller
from functions.domain.errors import JobFailedError, NotFoundError
from functions.domain.job import Job, Run
from functions.services import Services
from functions.store.outbox import list_unsent
from functions.use_cases.conclude_run import conclude_failure
from functions.use_cases.get_job import get_job
from functions.use_cases.hold_lease import LeaseLostError, hold_lease
from functions.use_cases.recover_lost_runs import recover_lost_runs
from functions.use_cases.run_job import run_job
from tests.builders.jobs import APP, OTHER_TENANT, TENANT, a_job, claimed, submitted

CALLER = Caller(TENANT, frozenset({APP}))


async def held(services: Services, expires_in_s: float = 0.3) -> Run:
    """A run whose lease ends `expires_in_s` from now."""
    start = services.clock.now() - timedelta(seconds=60 - expires_in_s)
    await submitted(services.database, a_job(created_at=start))
    run = await claimed(services.database, now=start)
    assert run is not None
    return run


async def job(services: Services, run: Run) -> Job:
    return await get_job(services, CALLER, run.job_id, APP)


async def lease_expires_at(services: Services, run: Run) -> object:
    async with services.database.tenant(TENANT, [APP]) as connection:
        cursor = await connection.execute(
            "SELECT lease_expires_at FROM job WHERE id = %s", (run.job_id,)
        )
        row = await cursor.fetchone()
    assert row is not None
    return row["lease_expires_at"]


async def test_a_lease_is_renewed_as_long_as_the_work_takes(services: Services) -> None:
    run = await held(services)
    first = await lease_expires_at(services, run)

    async def work() -> str:
        while await lease_expires_at(services, run) == first:
            await asyncio.sleep(0.01)
        return "done"

    assert await hold_lease(services, run, work()) == "done"
    assert await recover_lost_runs(services) == 0


async def test_work_is_cancelled_when_the_lease_is_lost(services: Services) -> None:
    run = await held(services)
    was_cancelled = asyncio.Event()

    async def work() -> None:
        async with services.database.tenant(TENANT, [APP]) as connection:
            await connection.execute("UPDATE job SET lease_token = lease_token + 1")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            was_cancelled.set()
            raise

    with pytest.raises(LeaseLostError):
        await hold_lease(services, run, work())
    assert was_cancelled.is_set()


async def test_an_error_of_the_work_is_the_callers(services: Services) -> None:
    run = await held(services)

    async def work() -> None:
        raise ValueError("defect")

    with pytest.raises(ValueError, match="defect"):
        await hold_lease(services, run, work())


async def test_a_lost_run_goes_back_to_the_queue(services: Services) -> None:
    run = await held(services, expires_in_s=-1)
    assert await recover_lost_runs(services) == 1
    recovered = await job(services, run)
    assert recovered.status == "queued"
    assert recovered.last_error is not None
    assert recovered.last_error["code"] == "engine_error"
    assert await recover_lost_runs(services) == 0


async def test_a_run_lost_too_often_fails(services: Services) -> None:
    run = await held(services, expires_in_s=-1)
    async with services.database.tenant(TENANT, [APP]) as connection:
        await connection.execute("UPDATE job SET attempts = 5")
    assert await recover_lost_runs(services) == 1
    assert (await job(services, run)).status == "failed"
    async with services.database.tenant(TENANT, [APP]) as connection:
        cursor = await connection.execute("SELECT job_id, reason, attempts FROM dead_letter")
        assert await cursor.fetchall() == [
            {"job_id": run.job_id, "reason": "attempts_exhausted", "attempts": 5}
        ]


async def test_an_unreachable_appserver_requeues_with_backoff(services: Services) -> None:
    message = await submitted(services.database, a_job(created_at=services.clock.now()))
    await run_job(services, message)
    waiting = await get_job(services, CALLER, message.job_id, APP)
    assert waiting.status == "queued"
    assert waiting.attempts >= 1
    assert waiting.next_attempt_at is not None
    assert waiting.last_error is not None
    assert waiting.last_error["code"] == "engine_unreachable"


async def test_a_run_that_was_turned_away_is_due_again_with_all_its_attempts(
    services: Services,
) -> None:
    most = services.registry.policy(APP).max_attempts
    run = await held(services, expires_in_s=60)
    for _ in range(most + 1):
        error = JobFailedError("No seat.", code="seats_exhausted", retry_after_s=7)
        now = services.clock.now()
        await conclude_failure(services, run, error)
        waiting = await job(services, run)
        assert (waiting.status, waiting.attempts) == ("queued", 0)
        assert waiting.next_attempt_at is not None
        assert waiting.next_attempt_at >= now + timedelta(seconds=7)
        async with services.database.platform([APP]) as connection:
            unsent = await list_unsent(connection, [APP], services.clock.now(), 9)
        rung, due_at = unsent[-1]
        assert (rung.attempt, rung.ring) == (1, run.lease_token), "the broker knows it from before"
        assert due_at == waiting.next_attempt_at
        again = await claimed(services.database, now=due_at, rung=rung)
        assert again is not None
        run = again


async def test_a_message_of_another_tenant_is_poison(services: Services) -> None:
    message = await submitted(services.database)
    with pytest.raises(NotFoundError):
        await run_job(services, message.model_copy(update={"tenant_id": OTHER_TENANT}))
