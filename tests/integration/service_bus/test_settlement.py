"""Settling, locks, deferral and dead letters, through the real SDK."""

import asyncio
import datetime as dt

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusSubQueue
from azure.servicebus.aio import AutoLockRenewer, ServiceBusClient, ServiceBusReceiver
from azure.servicebus.exceptions import MessageLockLostError, MessageNotFoundError

from tests.integration.service_bus.sdk import (
    WAIT_S,
    is_quiet,
    receive,
    receive_one,
    sender_and_receivers,
    text,
)


async def test_abandoning_counts_deliveries(client: ServiceBusClient) -> None:
    counts, tokens = [], set()
    async with sender_and_receivers(client, "jobs") as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("a"))
        for _ in range(3):
            message = await receive_one(receiver)
            counts.append(message.delivery_count)
            tokens.add(message.lock_token)
            await receiver.abandon_message(message)
        message = await receive_one(receiver)
        await receiver.complete_message(message)
    assert counts == [0, 1, 2]
    assert len(tokens) == 3


async def test_dead_letters_keep_their_cause_and_are_read_by_either_name(
    client: ServiceBusClient,
) -> None:
    dead = client.get_queue_receiver("jobs", sub_queue=ServiceBusSubQueue.DEAD_LETTER)
    by_name = client.get_queue_receiver("jobs/$DeadLetterQueue")
    async with sender_and_receivers(client, "jobs", dead, by_name) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("1", application_properties={"a": 1}))
        await receiver.dead_letter_message(
            await receive_one(receiver), reason="unknown_job", error_description="no such job"
        )
        first = await receive_one(dead)
        assert (first.dead_letter_reason, first.dead_letter_error_description) == (
            "unknown_job",
            "no such job",
        )
        assert first.application_properties is not None
        assert first.application_properties[b"a"] == 1
        assert len(await dead.peek_messages(10, sequence_number=1)) == 1
        await dead.renew_message_lock(first)
        await dead.abandon_message(first)
        again = await receive_one(by_name)
        await by_name.complete_message(again)
    assert again.sequence_number == first.sequence_number


async def test_the_delivery_limit_dead_letters(client: ServiceBusClient) -> None:
    dead = client.get_queue_receiver("two-attempts", sub_queue=ServiceBusSubQueue.DEAD_LETTER)
    async with sender_and_receivers(client, "two-attempts", dead) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("poison"))
        for _ in range(2):
            await receiver.abandon_message(await receive_one(receiver))
        message = await receive_one(dead)
    assert message.dead_letter_reason == "MaxDeliveryCountExceeded"
    assert message.delivery_count == 2


async def test_an_expired_lock_redelivers_and_refuses_the_late_settlement(
    client: ServiceBusClient,
) -> None:
    async with sender_and_receivers(client, "short-lock") as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("a"))
        late = await receive_one(receiver)
        again = await receive_one(receiver)
        assert (again.sequence_number, again.delivery_count) == (late.sequence_number, 1)
        # The SDK refuses by its own clock; push that back so that the server has to.
        late._expiry = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60)
        with pytest.raises(MessageLockLostError, match="The lock supplied is invalid"):
            await receiver.complete_message(late)


async def test_the_renewer_keeps_a_lock(client: ServiceBusClient) -> None:
    async with (
        AutoLockRenewer() as renewer,
        sender_and_receivers(client, "renewed") as (sender, receiver),
    ):
        await sender.send_messages(ServiceBusMessage("a"))
        message = await receive_one(receiver)
        renewer.register(receiver, message)
        first_end = message.locked_until_utc
        assert first_end is not None
        async with asyncio.timeout(WAIT_S):
            while dt.datetime.now(dt.UTC) < first_end + dt.timedelta(seconds=0.5):
                assert await is_quiet(receiver)
        await receiver.complete_message(message)


async def test_peek_pages_and_renew_moves_the_lock(client: ServiceBusClient) -> None:
    async with sender_and_receivers(client, "jobs") as (sender, receiver):
        await sender.send_messages([ServiceBusMessage(str(i)) for i in range(5)])
        assert [text(message) for message in await receiver.peek_messages(3)] == ["0", "1", "2"]
        assert [text(message) for message in await receiver.peek_messages(9)] == ["3", "4"]
        assert await receiver.peek_messages(9) == []
        message = await receive_one(receiver)
        before = message.locked_until_utc
        assert before is not None
        await receive(receiver, 4)
        assert await is_quiet(receiver)  # which takes longer than the millisecond of a timestamp
        assert await receiver.renew_message_lock(message) > before


async def test_a_deferred_message_is_received_by_number(client: ServiceBusClient) -> None:
    async with sender_and_receivers(client, "jobs") as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("a"))
        message = await receive_one(receiver)
        number = message.sequence_number
        assert number is not None
        await receiver.defer_message(message)
        assert await is_quiet(receiver)
        (peeked,) = await receiver.peek_messages(5, sequence_number=1)
        assert peeked.state.name == "DEFERRED"
        (deferred,) = await receiver.receive_deferred_messages(number)
        await receiver.complete_message(deferred)
        with pytest.raises(MessageNotFoundError):
            await receiver.receive_deferred_messages(number)


async def test_closing_releases_prefetched_messages_uncounted(client: ServiceBusClient) -> None:
    greedy = client.get_queue_receiver("jobs", prefetch_count=50)
    async with sender_and_receivers(client, "jobs", greedy) as (sender, receiver):
        await sender.send_messages([ServiceBusMessage(str(i)) for i in range(20)])
        await greedy.complete_message(await receive_one(greedy))
        await greedy.close()
        messages = await receive(receiver, 19)
    assert {message.delivery_count for message in messages} == {0}
    assert [text(message) for message in messages] == [str(i) for i in range(1, 20)]


async def test_competing_receivers_share_the_messages(client: ServiceBusClient) -> None:
    second, third = client.get_queue_receiver("jobs"), client.get_queue_receiver("jobs")
    seen: list[int] = []

    async with sender_and_receivers(client, "jobs", second, third) as (sender, first):

        async def consume(receiver: ServiceBusReceiver) -> None:
            while messages := await receiver.receive_messages(20, max_wait_time=1):
                for message in messages:
                    await receiver.complete_message(message)
                    seen.append(int(text(message)))

        await sender.send_messages([ServiceBusMessage(str(i)) for i in range(120)])
        await asyncio.gather(consume(first), consume(second), consume(third))
    assert sorted(seen) == list(range(120))
