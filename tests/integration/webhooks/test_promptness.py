"""A webhook leaves when its job ends; who ended the job does not wait for it."""

import asyncio

from functions.domain.caller import Caller
from functions.domain.errors import JobFailedError
from functions.domain.webhook import Endpoint
from functions.services import Services
from functions.use_cases.cancel_job import cancel_job
from functions.use_cases.conclude_run import conclude_failure
from functions.use_cases.deliver_webhooks import LEASE, deliver_webhooks
from tests.builders.jobs import APP, TENANT, submitted, submitted_and_claimed
from tests.builders.receiver import Receiver
from tests.integration.webhooks.conftest import SetClock, an_endpoint, deliveries

CALLER = Caller(TENANT, frozenset({APP}))


async def until_recorded(services: Services) -> None:
    async with asyncio.timeout(10):
        while [row["status"] for row in await deliveries(services)] != ["delivered"]:
            await asyncio.sleep(0.01)


async def until_sent(services: Services) -> None:
    async with asyncio.timeout(10):
        while [row["attempts"] for row in await deliveries(services)] != [1]:
            await asyncio.sleep(0.01)


async def test_the_end_of_a_run_is_told_without_the_timer(
    services: Services, receiver: Receiver
) -> None:
    await an_endpoint(services, receiver.url)
    run = await submitted_and_claimed(services.database)
    await conclude_failure(services, run, JobFailedError("No.", code="definition_error"))
    await until_recorded(services)
    assert [request.event["subject"] for request in receiver.requests] == [str(run.job_id)]
    assert await deliver_webhooks(services) == 0, "the timer finds nothing left"


async def test_a_cancelled_job_is_told_too(services: Services, receiver: Receiver) -> None:
    await an_endpoint(services, receiver.url)
    message = await submitted(services.database)
    await cancel_job(services, CALLER, message.job_id, APP)
    await until_recorded(services)
    assert receiver.requests[0].event["type"] == "job.cancelled"


async def redirect(services: Services, endpoint: Endpoint, url: str) -> None:
    async with services.database.platform([APP]) as connection:
        values = (url, endpoint.id)
        await connection.execute("UPDATE webhook_endpoint SET url = %s WHERE id = %s", values)


async def test_nobody_waits_for_a_slow_receiver(
    services: Services, receiver: Receiver, silence: str
) -> None:
    endpoint = await an_endpoint(services, silence)
    first = await submitted(services.database)
    await cancel_job(services, CALLER, first.job_id, APP)
    await until_sent(services)
    await redirect(services, endpoint, receiver.url)
    second = await submitted(services.database)
    await cancel_job(services, CALLER, second.job_id, APP)
    async with asyncio.timeout(10):
        while not receiver.requests:
            await asyncio.sleep(0.01)
    assert receiver.requests[0].event["subject"] == str(second.job_id)


async def test_what_a_process_left_that_died_while_sending_is_sent_by_the_timer(
    services: Services, receiver: Receiver, silence: str, clock: SetClock
) -> None:
    endpoint = await an_endpoint(services, silence)
    message = await submitted(services.database)
    await cancel_job(services, CALLER, message.job_id, APP)
    await until_sent(services)
    await services.errands.close()
    await redirect(services, endpoint, receiver.url)
    assert await deliver_webhooks(services) == 0, "its lease keeps other senders away"
    clock.move(seconds=LEASE.total_seconds())
    assert await deliver_webhooks(services) == 1
    assert [request.event["subject"] for request in receiver.requests] == [str(message.job_id)]
