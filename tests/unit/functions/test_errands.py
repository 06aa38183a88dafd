"""Errands begin soon, share a beginning, and do not wait for each other."""

import asyncio

import structlog

from functions.clients.errands import MAX_RUNNING, Errands


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_is_asked_for_at_once_is_done_once() -> None:
    errands, done = Errands(pause_s=0), list[int]()

    async def errand() -> None:
        done.append(1)

    for _ in range(100):
        errands.ask("x", errand)
    await settle()
    assert len(done) == 1
    errands.ask("x", errand)
    await settle()
    assert len(done) == 2


async def test_the_next_one_begins_after_a_pause() -> None:
    errands, done = Errands(pause_s=3600), list[str]()

    async def errand() -> None:
        done.append("x")

    errands.ask("x", errand)
    await settle()
    errands.ask("x", errand)
    await settle()
    assert done == ["x"]
    await errands.close()
    assert done == ["x"]


async def test_a_long_errand_holds_up_no_other_but_many_do() -> None:
    errands, begun = Errands(pause_s=0), list[int]()

    async def errand() -> None:
        begun.append(1)
        await asyncio.Event().wait()

    for _ in range(MAX_RUNNING + 3):
        errands.ask("x", errand)
        await settle()
    assert len(begun) == MAX_RUNNING
    errands.ask("y", errand)
    await settle()
    assert len(begun) == MAX_RUNNING + 1, "another name has room of its own"
    begun.clear()
    await errands.close()
    errands.ask("x", errand)
    await settle()
    assert len(begun) == 1
    await errands.close()


async def test_an_errand_is_not_logged_as_who_asked_for_it() -> None:
    errands, seen = Errands(pause_s=0), list[object]()

    async def errand() -> None:
        seen.append(structlog.contextvars.get_contextvars())

    with structlog.contextvars.bound_contextvars(tenant_id="x"):
        errands.ask("x", errand)
        await settle()
    assert seen == [{}]
