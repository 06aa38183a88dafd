"""Preview seats are never oversubscribed, always given back, and no tenant takes them all."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.store.preview_seats import SeatRequest, give_back, take_seat
from functions.store.tenant import Database
from tests.builders.jobs import APP, OTHER_TENANT, TENANT, submitted_and_claimed
from tests.conftest import TestDatabase

# So long that a busy machine changes nothing.
LEASE, TURN = timedelta(hours=2), timedelta(hours=1)
THIRD_TENANT = UUID("33333333-3333-4333-8333-333333333333")
TENANTS = (TENANT, OTHER_TENANT, THIRD_TENANT)


def wanted(tenant_id: UUID = TENANT, seats: int = 1, weight: int = 1) -> SeatRequest:
    return SeatRequest(uuid4(), tenant_id, APP, weight, seats, LEASE, TURN)


async def taken(database: Database, request: SeatRequest) -> SeatRequest | None:
    async with database.platform([APP]) as connection:
        return request if await take_seat(connection, request) else None


async def given_back(database: Database, seat: SeatRequest) -> None:
    async with database.tenant(seat.tenant_id, [APP]) as connection:
        await give_back(connection, seat.id)


async def in_use(database: Database) -> int:
    async with database.platform([APP]) as connection:
        cursor = await connection.execute(
            "SELECT coalesce(sum(weight), 0) AS n FROM seat"
            " WHERE lane = 'preview' AND expires_at > now()"
        )
        row = await cursor.fetchone()
    assert row is not None
    return row["n"]


def pass_time(urls: TestDatabase, duration: timedelta) -> None:
    """As if the rows had been written earlier."""
    with psycopg.connect(urls.owner_url) as connection:
        connection.execute("UPDATE seat SET expires_at = expires_at - %s", [duration])
        connection.execute(
            "UPDATE preview_turn SET ends_at = ends_at - %(by)s, refused_at = refused_at - %(by)s",
            {"by": duration},
        )


async def test_many_at_once_take_no_more_than_there_are(database: Database) -> None:
    asked = (taken(database, wanted(tenant, seats=3)) for tenant in TENANTS * 5)
    found = await asyncio.gather(*asked)
    assert len([seat for seat in found if seat is not None]) == 3
    assert await in_use(database) == 3


async def test_a_heavy_preview_takes_its_weight(database: Database) -> None:
    assert await taken(database, wanted(seats=3, weight=2))
    assert await taken(database, wanted(seats=3, weight=2)) is None
    assert await in_use(database) == 2


async def test_jobs_and_previews_have_seats_of_their_own(database: Database) -> None:
    await submitted_and_claimed(database)
    assert await taken(database, wanted())


async def test_a_dead_holders_seat_is_free_again(
    database: Database, database_urls: TestDatabase
) -> None:
    assert await taken(database, wanted())
    pass_time(database_urls, LEASE - timedelta(minutes=1))
    assert await taken(database, wanted()) is None
    pass_time(database_urls, timedelta(minutes=1))
    assert await taken(database, wanted())
    assert await in_use(database) == 1


async def test_nobody_gives_anothers_seat_back(database: Database) -> None:
    seat = await taken(database, wanted())
    assert seat is not None
    await given_back(database, replace(seat, tenant_id=OTHER_TENANT))
    assert await in_use(database) == 1
    await given_back(database, seat)
    await given_back(database, seat)
    assert await in_use(database) == 0


async def test_who_was_refused_comes_next(database: Database) -> None:
    """One tenant asks all the time, the other when he was told to: they take turns."""
    holder = await taken(database, wanted())
    served: list[UUID] = []
    for _ in range(3):
        assert await taken(database, wanted(OTHER_TENANT)) is None
        assert holder is not None
        await given_back(database, holder)
        assert await taken(database, wanted(holder.tenant_id)) is None, "it is the other's turn"
        holder = await taken(database, wanted(OTHER_TENANT))
        assert holder is not None
        await given_back(database, holder)
        holder = await taken(database, wanted(TENANT))
        served += [OTHER_TENANT] + ([TENANT] if holder else [])
    assert served == [OTHER_TENANT, TENANT] * 3


async def test_who_holds_fewer_seats_comes_before_who_was_refused_earlier(
    database: Database,
) -> None:
    held = [await taken(database, wanted(seats=2)) for _ in range(2)]
    assert await taken(database, wanted(seats=2)) is None
    assert await taken(database, wanted(OTHER_TENANT, seats=2)) is None
    assert held[0] is not None
    await given_back(database, held[0])
    assert await taken(database, wanted(seats=2)) is None
    assert await taken(database, wanted(OTHER_TENANT, seats=2))


async def test_a_turn_that_nobody_takes_ends(
    database: Database, database_urls: TestDatabase
) -> None:
    seat = await taken(database, wanted())
    assert await taken(database, wanted(OTHER_TENANT)) is None
    assert seat is not None
    await given_back(database, seat)
    assert await taken(database, wanted()) is None
    pass_time(database_urls, TURN)
    assert await taken(database, wanted())


async def test_a_free_seat_beyond_the_turns_is_anybodys(database: Database) -> None:
    held = [await taken(database, wanted(seats=3)) for _ in range(3)]
    assert await taken(database, wanted(OTHER_TENANT, seats=3)) is None
    for seat in held[:2]:
        assert seat is not None
        await given_back(database, seat)
    assert await taken(database, wanted(seats=3)), "one seat is kept for the other, one is free"
    assert await taken(database, wanted(OTHER_TENANT, seats=3))


STEPS = st.lists(
    st.sampled_from(["ask 0", "ask 1", "ask 2", "end", "die", "wait"]), min_size=5, max_size=30
)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, seats=st.integers(1, 3), weight=st.integers(1, 2))
async def test_random_deaths_never_oversubscribe(
    database: Database, database_urls: TestDatabase, steps: list[str], seats: int, weight: int
) -> None:
    """Whatever happened before, everybody who asks in turn is served in the end."""
    async with database.platform([APP]) as connection:
        await connection.execute("DELETE FROM seat")
        await connection.execute("DELETE FROM preview_turn")
    weight = min(weight, seats)
    held: list[SeatRequest] = []
    for step in steps:
        if step.startswith("ask"):
            seat = await taken(database, wanted(TENANTS[int(step[-1])], seats, weight))
            held += [seat] if seat else []
        elif step == "wait":
            pass_time(database_urls, LEASE / 4)
        elif held:
            seat = held.pop()
            if step == "end":
                await given_back(database, seat)
        assert await in_use(database) <= seats
    pass_time(database_urls, LEASE)
    for tenant in TENANTS:
        seat = await taken(database, wanted(tenant, seats, weight))
        assert seat is not None
        await given_back(database, seat)
