"""Equal requests share one solve; who began it may leave."""

import asyncio

import pytest

from appserver.admission.flights import Flights


class Work:
    def __init__(self) -> None:
        self.runs = 0
        self.was_cancelled = asyncio.Event()
        self.goal: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def __call__(self) -> str:
        self.runs += 1
        try:
            return await asyncio.shield(self.goal)
        except asyncio.CancelledError:
            self.was_cancelled.set()
            raise


async def test_equal_requests_run_once_and_other_ones_on_their_own() -> None:
    flights, work, other = Flights[str, str](), Work(), Work()
    joined = [asyncio.create_task(flights.join("a", work)) for _ in range(5)]
    apart = asyncio.create_task(flights.join("b", other))
    await asyncio.sleep(0)
    work.goal.set_result("a's")
    other.goal.set_result("b's")
    assert await asyncio.gather(*joined, apart) == ["a's"] * 5 + ["b's"]
    assert (work.runs, other.runs, len(flights)) == (1, 1, 0)


async def test_a_leader_that_leaves_does_not_fail_its_followers() -> None:
    flights, work = Flights[str, str](), Work()
    leader = asyncio.create_task(flights.join("a", work))
    await asyncio.sleep(0)
    follower = asyncio.create_task(flights.join("a", work))
    await asyncio.sleep(0)
    leader.cancel()
    await asyncio.wait([leader])
    assert not work.was_cancelled.is_set()
    work.goal.set_result("done")
    assert await follower == "done"
    assert work.runs == 1


async def test_the_work_ends_with_its_last_passenger() -> None:
    flights, work = Flights[str, str](), Work()
    both = [asyncio.create_task(flights.join("a", work)) for _ in range(2)]
    await asyncio.sleep(0)
    for one in both:
        one.cancel()
    await asyncio.wait(both)
    await work.was_cancelled.wait()
    assert len(flights) == 0
    again = Work()
    fresh = asyncio.create_task(flights.join("a", again))
    await asyncio.sleep(0)
    again.goal.set_result("fresh")
    assert await fresh == "fresh"


async def test_a_failure_reaches_everybody_and_is_not_kept() -> None:
    flights, work = Flights[str, str](), Work()
    both = [asyncio.create_task(flights.join("a", work)) for _ in range(2)]
    await asyncio.sleep(0)
    work.goal.set_exception(ValueError("on purpose"))
    for one in both:
        with pytest.raises(ValueError, match="on purpose"):
            await one
    assert "a" not in flights
