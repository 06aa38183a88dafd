"""The transaction that ends a job writes what its tenant wants to hear, and nobody else hears."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from contracts.wire.webhook import WebhookChange
from functions.domain.caller import Caller
from functions.services import Services
from functions.store import runs
from functions.store.endings import cancel_queued, expire_overdue
from functions.store.events import JobKey
from functions.store.tenant import Connection
from functions.store.webhooks import Callback, add_callbacks, delete_endpoint
from functions.use_cases.change_webhook import change_webhook
from tests.builders.jobs import (
    APP,
    OTHER_TENANT,
    START,
    TENANT,
    a_job,
    submitted,
    submitted_and_claimed,
)
from tests.integration.webhooks.conftest import a_failed_job, an_endpoint, deliveries

URL = "https://receiver.example/in"
LATE = START + timedelta(days=2)


async def end_by_success(services: Services) -> None:
    run = await submitted_and_claimed(services.database)
    async with services.database.tenant(TENANT, [APP]) as connection:
        assert await runs.succeed(connection, run, {"result": 42}, None, [], START)


async def end_by_failure(services: Services) -> None:
    await a_failed_job(services)


async def end_by_cancelled_run(services: Services) -> None:
    run = await submitted_and_claimed(services.database)
    async with services.database.tenant(TENANT, [APP]) as connection:
        assert await runs.cancel(connection, run, START)


async def end_while_queued(services: Services) -> None:
    message = await submitted(services.database)
    async with services.database.tenant(TENANT, [APP]) as connection:
        assert await cancel_queued(connection, JobKey(message.job_id, TENANT, APP), START)


async def end_by_waiting(services: Services) -> None:
    await submitted(services.database)
    async with services.database.platform([APP]) as connection:
        assert await expire_overdue(connection, [APP], {"code": "queue_timeout"}, LATE, 10) == 1


Ending = Callable[[Services], Awaitable[None]]
ENDINGS: dict[Ending, tuple[str, str | None]] = {
    end_by_success: ("job.succeeded", None),
    end_by_failure: ("job.failed", "engine_error"),
    end_by_cancelled_run: ("job.cancelled", None),
    end_while_queued: ("job.cancelled", None),
    end_by_waiting: ("job.expired", "queue_timeout"),
}


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)
async def test_each_ending_writes_one_delivery(services: Services, ending: Ending) -> None:
    endpoint = await an_endpoint(services, URL)
    await ending(services)
    (delivery,) = await deliveries(services)
    event_type, error_code = ENDINGS[ending]
    assert delivery["endpoint_id"] == endpoint.id
    assert (delivery["event_type"], delivery["status"]) == (event_type, "pending")
    assert delivery["body"]["data"]["error_code"] == error_code
    assert delivery["body"]["data"]["status"] == event_type.removeprefix("job.")


async def test_the_body_is_a_thin_cloud_event(services: Services) -> None:
    await an_endpoint(services, URL)
    job_id = str(await a_failed_job(services))
    (delivery,) = await deliveries(services)
    assert delivery["body"] == {
        "specversion": "1.0",
        "id": str(delivery["id"]),
        "source": "/apps/sitefit",
        "type": "job.failed",
        "subject": job_id,
        "time": "2026-03-01T12:00:00.000000Z",
        "datacontenttype": "application/json",
        "traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01",
        "data": {
            "job_id": job_id,
            "app_id": "sitefit",
            "definition": "sitefit",
            "version": "1.1.0",
            "status": "failed",
            "attempts": 1,
            "labels": {},
            "error_code": "engine_error",
            "correlation_id": "test",
            "links": {
                "self": f"/sitefit/jobs/{job_id}",
                "result": f"/sitefit/jobs/{job_id}/result",
            },
        },
    }


async def test_an_ending_that_is_rolled_back_tells_nobody(services: Services) -> None:
    await an_endpoint(services, URL)
    run = await submitted_and_claimed(services.database)

    async def crash(connection: Connection) -> None:
        assert await runs.fail(connection, run, {"code": "engine_error"}, START)
        cursor = await connection.execute("SELECT FROM webhook_delivery")
        assert cursor.rowcount == 1
        raise RuntimeError("crash before the commit")

    with pytest.raises(RuntimeError):
        async with services.database.tenant(TENANT, [APP]) as connection:
            await crash(connection)
    assert await deliveries(services) == []


async def test_a_requeued_run_tells_nobody(services: Services) -> None:
    await an_endpoint(services, URL)
    run = await submitted_and_claimed(services.database)
    async with services.database.tenant(TENANT, [APP]) as connection:
        assert await runs.requeue(connection, run, {"code": "engine_error"}, LATE, START)
    assert await deliveries(services) == []


@pytest.mark.parametrize("ending", [end_by_success, end_by_waiting])
async def test_strangers_hear_nothing_even_of_what_a_timer_ends(
    services: Services, ending: Ending
) -> None:
    await an_endpoint(services, URL, OTHER_TENANT)
    await an_endpoint(services, None, OTHER_TENANT)
    await an_endpoint(services, URL, TENANT, "daylight")
    await ending(services)
    assert await deliveries(services) == []
    assert await deliveries(services, OTHER_TENANT) == []
    own = await an_endpoint(services, URL)
    await ending(services)
    assert [row["endpoint_id"] for row in await deliveries(services)] == [own.id]


async def test_only_wanted_events_are_told_and_only_to_enabled_endpoints(
    services: Services,
) -> None:
    wanted = await an_endpoint(services, URL, event_types=["job.failed"])
    await an_endpoint(services, URL, event_types=["job.succeeded"])
    disabled = await an_endpoint(services, URL)
    caller = Caller(TENANT, frozenset({APP}))
    await change_webhook(
        services, caller, APP, disabled.id, WebhookChange(None, None, is_enabled=False)
    )
    await a_failed_job(services)
    assert [row["endpoint_id"] for row in await deliveries(services)] == [wanted.id]


async def test_a_callback_hears_of_its_own_job_only(services: Services) -> None:
    job, other = a_job(), a_job()
    for one in (job, other):
        await submitted(services.database, one)
    async with services.database.tenant(TENANT, [APP]) as connection:
        callbacks = [Callback(job.job_id, TENANT, APP, f"{URL}/{n}") for n in (1, 2, 2)]
        await add_callbacks(connection, callbacks, START)
    async with services.database.tenant(TENANT, [APP]) as connection:
        for one in (job, other):
            await cancel_queued(connection, JobKey(one.job_id, TENANT, APP), START)
    told = await deliveries(services)
    assert sorted(row["callback_url"] for row in told) == [f"{URL}/1", f"{URL}/2"]
    assert {row["job_id"] for row in told} == {job.job_id}


async def test_a_callback_of_an_ended_or_foreign_job_is_not_kept(services: Services) -> None:
    ended = await a_failed_job(services)
    foreign = await submitted(services.database, a_job(OTHER_TENANT))
    async with services.database.tenant(TENANT, [APP]) as connection:
        for job_id in (ended, foreign.job_id):
            assert not await add_callbacks(connection, [Callback(job_id, TENANT, APP, URL)], START)
        cursor = await connection.execute("SELECT FROM webhook_callback")
        assert cursor.rowcount == 0


async def test_deleting_an_endpoint_or_erasing_a_job_forgets_the_deliveries(
    services: Services,
) -> None:
    endpoint, kept = await an_endpoint(services, URL), await an_endpoint(services, URL)
    job_id = await a_failed_job(services)
    async with services.database.tenant(TENANT, [APP]) as connection:
        await delete_endpoint(connection, APP, endpoint.id)
    assert [row["endpoint_id"] for row in await deliveries(services)] == [kept.id]
    async with services.database.tenant(TENANT, [APP]) as connection:
        await connection.execute("DELETE FROM job WHERE id = %s", (job_id,))
    assert await deliveries(services) == []
