"""Seats are never oversubscribed, shared fairly between tenants, and always given back."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.model import JsonObject
from functions.domain.job import Run
from functions.store.endings import ask_to_cancel, cancel_queued, expire_overdue
from functions.store.events import JobKey
from functions.store.runs import cancel, fail, read_beat, renew_lease, requeue, succeed
from functions.store.seats import list_waiting
from functions.store.tenant import Database
from tests.builders.jobs import (
    APP,
    LEASE,
    OTHER_TENANT,
    START,
    TENANT,
    a_job,
    capacity,
    claimed,
    submitted,
    submitted_and_claimed,
)

ERROR: JsonObject = {"code": "engine_error"}
SECOND = timedelta(seconds=1)


async def seats_in_use(database: Database, now: datetime = START) -> int:
    async with database.platform([APP]) as connection:
        cursor = await connection.execute(
            "SELECT coalesce(sum(weight), 0) AS n FROM seat WHERE expires_at > %s", (now,)
        )
        row = await cursor.fetchone()
    assert row is not None
    return row["n"]


async def test_no_more_claims_than_seats(database: Database) -> None:
    for _ in range(6):
        await submitted(database, a_job())
    runs = await asyncio.gather(*(claimed(database, room=capacity(seats=3)) for _ in range(6)))
    assert len([run for run in runs if run is not None]) == 3
    assert await seats_in_use(database) == 3


async def test_a_heavy_solve_takes_its_weight(database: Database) -> None:
    for _ in range(3):
        await submitted(database, a_job())
    room = capacity(5, 5, **{"sitefit@1.1.0": 2})
    assert [bool(await claimed(database, room=room)) for _ in range(3)] == [True, True, False]


async def test_every_end_gives_the_seat_back(database: Database) -> None:
    for ending in (
        lambda c, run: succeed(c, run, {}, None, [], START),
        lambda c, run: fail(c, run, ERROR, START),
        lambda c, run: cancel(c, run, START),
        lambda c, run: requeue(c, run, ERROR, START + timedelta(days=2), START),
    ):
        run = await submitted_and_claimed(database)
        assert await seats_in_use(database) == 1
        async with database.tenant(TENANT, [APP]) as connection:
            assert await ending(connection, run)
        assert await seats_in_use(database) == 0


async def test_a_dead_workers_seat_counts_until_its_lease_ends(database: Database) -> None:
    run = await submitted_and_claimed(database)
    await submitted(database, a_job())
    room = capacity(seats=1)
    assert await claimed(database, START + LEASE - SECOND, room) is None
    async with database.tenant(TENANT, [APP]) as connection:
        assert await renew_lease(connection, run, START + 2 * LEASE)
    assert await claimed(database, START + LEASE + SECOND, room) is None
    assert await claimed(database, START + 2 * LEASE + SECOND, room) is not None


async def test_a_seat_that_was_taken_back_cannot_be_renewed(database: Database) -> None:
    """A frozen worker wakes after its lease: somebody has its seat, though nobody has its job."""
    frozen = await submitted_and_claimed(database)
    await submitted(database, a_job())
    late, room = START + LEASE + SECOND, capacity(seats=1)
    assert await claimed(database, late, room) is not None
    async with database.tenant(TENANT, [APP]) as connection:
        assert not await renew_lease(connection, frozen, late + LEASE)
    assert await seats_in_use(database, late) == 1


async def test_a_lease_that_expired_unnoticed_can_be_renewed(database: Database) -> None:
    run = await submitted_and_claimed(database)
    late = START + LEASE + SECOND
    async with database.tenant(TENANT, [APP]) as connection:
        assert await renew_lease(connection, run, late + LEASE)
    assert await seats_in_use(database, late) == 1


async def test_a_doorbell_makes_its_own_attempt_due_and_no_later_one(database: Database) -> None:
    """The broker's clock may run ahead of ours; a repeated doorbell must not cut a backoff."""
    first = await submitted(database)
    run = await claimed(database)
    assert run is not None
    async with database.tenant(TENANT, [APP]) as connection:
        assert await requeue(connection, run, ERROR, START + LEASE, START)
    assert await claimed(database, rung=first) is None
    second = await claimed(database, rung=first.model_copy(update={"attempt": 2}))
    assert second is not None
    assert second.attempt == 2


async def test_a_tenant_with_a_long_queue_starves_nobody(database: Database) -> None:
    for _ in range(8):
        await submitted(database, a_job())
    late = [await submitted(database, a_job(OTHER_TENANT)) for _ in range(2)]
    runs = [await claimed(database, room=capacity(seats=4)) for _ in range(4)]
    shares = Counter(run.tenant_id for run in runs if run is not None)
    assert shares == {TENANT: 2, OTHER_TENANT: 2}
    assert {message.job_id for message in late} <= {run.job_id for run in runs if run}


async def test_the_oldest_job_of_a_tenant_goes_first(database: Database) -> None:
    messages = [await submitted(database) for _ in range(3)]
    async with database.tenant(TENANT, [APP]) as connection:
        await connection.execute(
            "UPDATE job SET created_at = created_at - interval '1 hour' WHERE id = %s",
            (messages[2].job_id,),
        )
    run = await claimed(database)
    assert run is not None
    assert run.job_id == messages[2].job_id


async def test_waiting_jobs_are_rung_for_free_seats_only(database: Database) -> None:
    for _ in range(4):
        await submitted(database, a_job())
    assert await claimed(database) is not None
    later = START + SECOND
    async with database.platform([APP]) as connection:
        rung = await list_waiting(connection, capacity(seats=3), later, later)
        assert len(rung) == 2
        assert await list_waiting(connection, capacity(seats=1), later, later) == []
        assert await list_waiting(connection, capacity(seats=9), later, START - SECOND) == []


async def test_a_queued_job_is_cancelled_at_once(database: Database) -> None:
    message = await submitted(database)
    key = JobKey(message.job_id, TENANT, APP)
    async with database.tenant(TENANT, [APP]) as connection:
        assert await cancel_queued(connection, key, START)
        assert not await cancel_queued(connection, key, START)
        assert not await ask_to_cancel(connection, key, START)
    assert await claimed(database) is None


async def test_a_running_job_learns_that_it_shall_stop(database: Database) -> None:
    run = await submitted_and_claimed(database)
    key = JobKey(run.job_id, TENANT, APP)
    async with database.tenant(TENANT, [APP]) as connection:
        assert await read_beat(connection, run) == "held"
        assert not await cancel_queued(connection, key, START)
        assert await ask_to_cancel(connection, key, START)
        assert not await ask_to_cancel(connection, key, START)
        assert await read_beat(connection, run) == "cancelled"
        assert not await requeue(connection, run, ERROR, START, START)
        assert await cancel(connection, run, START)
        assert await read_beat(connection, run) == "lost"


async def test_a_job_that_waited_too_long_expires(database: Database) -> None:
    await submitted(database)
    running = await submitted_and_claimed(database, a_job())
    late = START + timedelta(days=1)
    async with database.platform([APP]) as connection:
        assert await expire_overdue(connection, [APP], ERROR, late - SECOND, 10) == 0
        assert await expire_overdue(connection, [APP], ERROR, late, 10) == 1
    assert await claimed(database, late) is None
    async with database.tenant(TENANT, [APP]) as connection:
        assert await read_beat(connection, running) == "held"


STEPS = st.lists(
    st.sampled_from(["submit", "submit other", "claim", "succeed", "fail", "crash", "wait"]),
    max_size=30,
)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, seats=st.integers(1, 3))
async def test_random_crashes_never_oversubscribe(
    database: Database, steps: list[str], seats: int
) -> None:
    async with database.platform([APP]) as connection:
        await connection.execute("DELETE FROM job")
    now, running = START, list[Run]()
    room = capacity(seats=seats)
    for step in steps:
        if step.startswith("submit"):
            tenant = OTHER_TENANT if step.endswith("other") else TENANT
            await submitted(database, a_job(tenant))
        elif step == "claim" and (run := await claimed(database, now, room)):
            running.append(run)
        elif step == "wait":
            now += LEASE / 2
        elif running and step in ("succeed", "fail", "crash"):
            await end(database, running.pop(), step, now)
        assert await seats_in_use(database, now) <= seats


async def end(database: Database, run: Run, how: str, now: datetime) -> None:
    tenant_id: UUID = run.tenant_id
    async with database.tenant(tenant_id, [APP]) as connection:
        if how == "succeed":
            await succeed(connection, run, {}, None, [], now)
        elif how == "fail":
            await fail(connection, run, ERROR, now)
