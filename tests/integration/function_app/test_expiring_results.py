"""Results are forgotten together with their files; their jobs stay."""

from datetime import timedelta

import pytest

from functions.domain.artifact import Artifact
from functions.domain.caller import Caller
from functions.domain.errors import NotFoundError
from functions.services import Services
from functions.store.listing import list_events
from functions.store.runs import succeed
from functions.use_cases import delete_expired_results as timer
from functions.use_cases.delete_expired_results import delete_expired_results
from functions.use_cases.get_job import get_job
from functions.use_cases.get_result import get_result
from tests.builders.jobs import APP, TENANT, claimed, submitted

CALLER = Caller(TENANT, frozenset({APP}))
DAY = timedelta(days=1)


async def a_result(services: Services, age: timedelta, file_left: timedelta | None = None) -> None:
    run = await claimed(services.database)
    assert run is not None
    now = services.clock.now()
    files = (
        []
        if file_left is None
        else [Artifact("plan", "plan.svg", "image/svg+xml", "p", 1, "d", now + file_left)]
    )
    async with services.database.tenant(TENANT, [APP]) as connection:
        assert await succeed(connection, run, {"result": 1}, None, files, now - age)


async def test_a_result_goes_with_its_files_and_its_job_stays(services: Services) -> None:
    ttl = timedelta(days=services.registry.policy(APP).artifact_ttl_days)
    old = (await submitted(services.database)).job_id
    await a_result(services, ttl + DAY)
    with_file = (await submitted(services.database)).job_id
    await a_result(services, ttl + DAY, file_left=DAY)
    young = (await submitted(services.database)).job_id
    await a_result(services, ttl - DAY)

    assert await delete_expired_results(services) == 1
    assert await delete_expired_results(services) == 0

    with pytest.raises(NotFoundError) as caught:
        await get_result(services, CALLER, old, APP)
    assert caught.value.code == "result_expired"
    job = await get_job(services, CALLER, old, APP)
    assert (job.status, job.has_result) == ("succeeded", False)
    for kept in (with_file, young):
        assert await get_result(services, CALLER, kept, APP) == {"result": 1}
    async with services.database.tenant(TENANT, [APP]) as connection:
        events = await list_events(connection, old, 0)
    assert [event.event for event in events][-1] == "result_expired"
    assert [event.seq for event in events] == list(range(1, len(events) + 1))


async def test_many_results_go_page_by_page(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timer, "PAGE", 2)
    for _ in range(5):
        await submitted(services.database)
        await a_result(services, timedelta(days=400))
    assert [await delete_expired_results(services) for _ in range(4)] == [2, 2, 1, 0]
