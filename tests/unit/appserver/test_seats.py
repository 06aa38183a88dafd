"""Seats of a lane: never more than there are, in the order of asking, given back always."""

import asyncio

import pytest

from appserver.admission.errors import SeatsExhaustedError
from appserver.admission.seats import Lane

SHORT_S = 0.02


class Watch:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def watch() -> Watch:
    return Watch()


async def test_a_full_lane_refuses_and_is_free_again(watch: Watch) -> None:
    lane = Lane("batch", 1, watch)
    async with lane.hold(1, 0):
        with pytest.raises(SeatsExhaustedError):
            async with lane.hold(1, 0):
                pass
        with pytest.raises(SeatsExhaustedError):
            async with lane.hold(1, SHORT_S):
                pass
    async with lane.hold(1, 0):
        assert lane.in_use == 1
    assert lane.in_use == 0


async def test_a_seat_is_given_back_when_the_solve_fails(watch: Watch) -> None:
    lane = Lane("batch", 1, watch)
    with pytest.raises(ValueError, match="on purpose"):
        async with lane.hold(1, 0):
            raise ValueError("on purpose")
    assert lane.in_use == 0


async def test_who_waits_gets_the_seat_in_the_order_of_asking(watch: Watch) -> None:
    lane, order = Lane("batch", 1, watch), list[str]()

    async def take(name: str) -> None:
        async with lane.hold(1, 10):
            order.append(name)

    async with lane.hold(1, 0):
        waiting = [asyncio.create_task(take(name)) for name in "abc"]
        await asyncio.sleep(0)
        waiting[1].cancel()
        await asyncio.wait([waiting[1]])
    await asyncio.gather(waiting[0], waiting[2])
    assert order == ["a", "c"]
    assert lane.in_use == 0


async def test_a_seat_granted_to_one_who_was_cancelled_is_not_lost(watch: Watch) -> None:
    lane = Lane("batch", 1, watch)

    async def take() -> None:
        async with lane.hold(1, 10):
            pass

    async with lane.hold(1, 0):
        waiting = asyncio.create_task(take())
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert lane.in_use == 0


async def test_a_heavy_solve_takes_its_weight_and_at_most_the_lane(watch: Watch) -> None:
    lane = Lane("batch", 3, watch)
    async with lane.hold(2, 0):
        assert lane.in_use == 2
        with pytest.raises(SeatsExhaustedError):
            async with lane.hold(2, 0):
                pass
    async with lane.hold(9, 0):
        assert lane.in_use == 3


async def test_a_lane_without_seats_refuses_everybody(watch: Watch) -> None:
    with pytest.raises(SeatsExhaustedError):
        async with Lane("preview", 0, watch).hold(1, SHORT_S):
            pass


async def test_retry_after_is_what_the_oldest_solve_probably_still_needs(watch: Watch) -> None:
    lane = Lane("batch", 1, watch)
    async with lane.hold(1, 0):
        watch.now_s += 30
    async with lane.hold(1, 0):
        watch.now_s += 10
        with pytest.raises(SeatsExhaustedError) as caught:
            async with lane.hold(1, 0):
                pass
    assert caught.value.retry_after_s == 20
