"""Deliveries: sent once at a time, signed, tried again, given up, switched off."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from functions.domain.caller import Caller
from functions.domain.errors import InvalidStateError
from functions.domain.webhook import DeliveryRecord, DueDelivery
from functions.services import Services
from functions.store.endings import cancel_queued
from functions.store.events import JobKey
from functions.store.webhook_deliveries import PER_ENDPOINT, Claim, claim_due, record_attempt
from functions.store.webhooks import Callback, add_callbacks
from functions.use_cases.deliver_webhooks import LEASE, deliver_webhooks
from functions.use_cases.forget_webhook_deliveries import forget_webhook_deliveries
from functions.use_cases.get_webhook import get_webhook
from functions.use_cases.redeliver_webhook import redeliver_webhook
from functions.use_cases.rotate_webhook_secret import rotate_webhook_secret
from tests.builders.jobs import APP, OTHER_TENANT, START, TENANT, submitted
from tests.builders.receiver import Receiver
from tests.integration.webhooks.conftest import (
    SetClock,
    a_failed_job,
    an_endpoint,
    deliveries,
)

CALLER = Caller(TENANT, frozenset({APP}))


async def claimed(services: Services) -> list[DueDelivery]:
    now = services.clock.now()
    async with services.database.platform([APP]) as connection:
        return await claim_due(connection, [APP], Claim(now, now + LEASE, 100))


async def test_a_due_delivery_arrives_signed(services: Services, receiver: Receiver) -> None:
    endpoint = await an_endpoint(services, receiver.url + "?key=1")
    job_id = await a_failed_job(services)
    assert await deliver_webhooks(services) == 1
    (request,) = receiver.requests
    (delivery,) = await deliveries(services)
    assert request.path == "/in?key=1"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert request.headers["webhook-timestamp"] == str(int(START.timestamp()))
    assert request.headers["traceparent"] == request.event["traceparent"]
    assert endpoint.secret is not None
    assert request.is_signed_with(endpoint.secret)
    assert request.id == request.event["id"] == str(delivery["id"])
    assert request.event["subject"] == str(job_id)
    assert (delivery["status"], delivery["attempts"]) == ("delivered", 1)
    assert (delivery["delivered_at"], delivery["last_status_code"]) == (START, 204)
    assert await deliver_webhooks(services) == 0


async def test_a_failed_attempt_is_repeated_with_the_same_id_and_body(
    services: Services, receiver: Receiver, clock: SetClock
) -> None:
    endpoint = await an_endpoint(services, receiver.url)
    await a_failed_job(services)
    receiver.will_answer(503)
    assert await deliver_webhooks(services) == 1
    (delivery,) = await deliveries(services)
    assert (delivery["status"], delivery["last_status_code"]) == ("pending", 503)
    wait = delivery["next_attempt_at"] - START
    assert timedelta(seconds=5) <= wait <= timedelta(seconds=6)
    assert await deliver_webhooks(services) == 0
    clock.move(seconds=6)
    assert await deliver_webhooks(services) == 1
    first, second = receiver.requests
    assert (first.id, first.body) == (second.id, second.body)
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert second.is_signed_with(str(endpoint.secret))
    (delivery,) = await deliveries(services)
    assert (delivery["status"], delivery["attempts"], delivery["last_error"]) == (
        "delivered",
        2,
        None,
    )


async def test_after_ten_attempts_it_is_given_up_until_somebody_asks(
    services: Services, receiver: Receiver, clock: SetClock
) -> None:
    await an_endpoint(services, receiver.url)
    await a_failed_job(services)
    receiver.will_answer(500, times=10)
    while await deliver_webhooks(services):
        clock.move(hours=29)
    (delivery,) = await deliveries(services)
    assert (delivery["status"], delivery["attempts"]) == ("failed", 10)
    again = await redeliver_webhook(services, CALLER, APP, delivery["id"])
    assert (again.status, again.attempts) == ("pending", 0)
    assert await deliver_webhooks(services) == 1
    assert {request.id for request in receiver.requests} == {str(delivery["id"])}
    assert (await deliveries(services))[0]["status"] == "delivered"


async def test_a_redirect_is_not_followed(services: Services, receiver: Receiver) -> None:
    await an_endpoint(services, receiver.url)
    await a_failed_job(services)
    receiver.will_answer(302, location=receiver.url.replace("/in", "/elsewhere"))
    await deliver_webhooks(services)
    assert [request.path for request in receiver.requests] == ["/in"]
    assert (await deliveries(services))[0]["status"] == "pending"


async def test_retry_after_is_honoured(
    services: Services, receiver: Receiver, clock: SetClock
) -> None:
    await an_endpoint(services, receiver.url)
    await a_failed_job(services)
    receiver.will_answer(429, retry_after="3600")
    await deliver_webhooks(services)
    assert (await deliveries(services))[0]["next_attempt_at"] == START + timedelta(hours=1)


async def test_a_receiver_that_is_away_costs_nobody_else(
    services: Services, receiver: Receiver
) -> None:
    await an_endpoint(services, "http://127.0.0.1:1/in")
    await an_endpoint(services, "http://no-such-host.invalid/in")
    await an_endpoint(services, receiver.url)
    await a_failed_job(services)
    assert await deliver_webhooks(services) == 3
    states = sorted(row["status"] for row in await deliveries(services))
    assert states == ["delivered", "pending", "pending"]


async def test_two_senders_send_each_delivery_once(services: Services, receiver: Receiver) -> None:
    await an_endpoint(services, receiver.url)
    await an_endpoint(services, receiver.url)
    for _ in range(10):
        await a_failed_job(services)
    counts = await asyncio.gather(*(deliver_webhooks(services) for _ in range(3)))
    assert sum(counts) == 20
    assert len({request.id for request in receiver.requests}) == len(receiver.requests) == 20


async def test_a_lease_keeps_others_away_until_it_expires(
    services: Services, clock: SetClock
) -> None:
    await an_endpoint(services, "https://receiver.example/")
    await a_failed_job(services)
    (first,) = await claimed(services)
    assert await claimed(services) == []
    clock.move(seconds=LEASE.total_seconds())
    (second,) = await claimed(services)
    assert (second.id, second.attempts) == (first.id, 2)
    async with services.database.tenant(TENANT, [APP]) as connection:
        delivered = DeliveryRecord("delivered", 204, delivered_at=clock.now())
        assert not await record_attempt(connection, first, delivered)
        assert await record_attempt(connection, second, delivered)
        assert not await record_attempt(connection, second, delivered)


async def test_no_endpoint_takes_the_whole_page(services: Services) -> None:
    busy = await an_endpoint(services, "https://busy.example/")
    for _ in range(PER_ENDPOINT + 3):
        await a_failed_job(services)
    quiet = await an_endpoint(services, "https://quiet.example/", OTHER_TENANT)
    await a_failed_job(services, OTHER_TENANT)
    taken = [due.endpoint_id for due in await claimed(services)]
    assert (taken.count(busy.id), taken.count(quiet.id)) == (PER_ENDPOINT, 1)


async def test_gone_disables_the_endpoint_and_ends_the_rest(
    services: Services, receiver: Receiver
) -> None:
    endpoint = await an_endpoint(services, receiver.url)
    for _ in range(PER_ENDPOINT + 2):
        await a_failed_job(services)
    receiver.will_answer(410, times=PER_ENDPOINT)  # all of a page hear it at once
    assert await deliver_webhooks(services) == PER_ENDPOINT
    left = await get_webhook(services, CALLER, APP, endpoint.id)
    assert (left.is_enabled, left.secret) == (False, None)
    assert "410" in str(left.disabled_reason)
    rows = await deliveries(services)
    assert {row["status"] for row in rows} == {"failed"}
    with pytest.raises(InvalidStateError):
        await redeliver_webhook(services, CALLER, APP, rows[0]["id"])
    await a_failed_job(services)
    assert len(await deliveries(services)) == len(rows)


async def test_a_callback_that_is_gone_leaves_the_others_alone(
    services: Services, receiver: Receiver
) -> None:
    message = await submitted(services.database)
    key = JobKey(message.job_id, TENANT, APP)
    async with services.database.tenant(TENANT, [APP]) as connection:
        await add_callbacks(connection, [Callback(key.job_id, TENANT, APP, receiver.url)], START)
        assert await cancel_queued(connection, key, START)
    signer = await signer_of(services)
    receiver.will_answer(410)
    await deliver_webhooks(services)
    assert [row["status"] for row in await deliveries(services)] == ["failed"]
    assert (await get_webhook(services, CALLER, APP, signer)).is_enabled


async def test_both_secrets_sign_for_a_day(
    services: Services, receiver: Receiver, clock: SetClock
) -> None:
    first = await an_endpoint(services, receiver.url)
    rotated = await rotate_webhook_secret(services, CALLER, APP, first.id)
    assert first.secret is not None
    assert rotated.secret is not None
    assert first.secret != rotated.secret
    for hours in (0, 23, 2):
        clock.move(hours=hours)
        await a_failed_job(services)
        await deliver_webhooks(services)
    signed = [
        (request.is_signed_with(first.secret), request.is_signed_with(rotated.secret))
        for request in receiver.requests
    ]
    assert signed == [(True, True), (True, True), (False, True)]


async def test_old_deliveries_are_forgotten_and_pending_ones_kept(
    services: Services, receiver: Receiver, clock: SetClock
) -> None:
    await an_endpoint(services, receiver.url)
    await a_failed_job(services)
    await deliver_webhooks(services)
    receiver.will_answer(500)
    pending = await a_failed_job(services)
    await deliver_webhooks(services)
    clock.move(days=29)
    assert await forget_webhook_deliveries(services) == 0
    clock.move(days=2)
    assert await forget_webhook_deliveries(services) == 1
    assert [row["job_id"] for row in await deliveries(services)] == [pending]


async def signer_of(services: Services) -> UUID:
    async with services.database.tenant(TENANT, [APP]) as connection:
        cursor = await connection.execute("SELECT id FROM webhook_endpoint WHERE url IS NULL")
        (row,) = await cursor.fetchall()
        return row["id"]
