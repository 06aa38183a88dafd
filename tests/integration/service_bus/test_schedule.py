"""Scheduling and expiry by the real clock, through the real SDK."""

import datetime as dt

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import MessageNotFoundError

from tests.integration.service_bus.sdk import is_quiet, receive_one, sender_and_receivers, text


async def test_scheduled_messages_come_when_due_unless_cancelled(client: ServiceBusClient) -> None:
    due_at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
    async with sender_and_receivers(client, "jobs") as (sender, receiver):
        kept, cancelled = await sender.schedule_messages(
            [ServiceBusMessage("kept"), ServiceBusMessage("cancelled")], due_at
        )
        await sender.cancel_scheduled_messages(cancelled)
        await sender.send_messages(
            ServiceBusMessage("annotated", scheduled_enqueue_time_utc=due_at)
        )
        states = [message.state.name for message in await receiver.peek_messages(5)]
        assert states == ["SCHEDULED", "SCHEDULED"]
        first = await receive_one(receiver)
        assert dt.timedelta() <= dt.datetime.now(dt.UTC) - due_at < dt.timedelta(seconds=1)
        second = await receive_one(receiver)
        assert await is_quiet(receiver)
        with pytest.raises(MessageNotFoundError):
            await sender.cancel_scheduled_messages(kept)
    assert (text(first), first.sequence_number, text(second)) == ("kept", kept, "annotated")


async def test_an_expired_message_becomes_a_dead_letter(client: ServiceBusClient) -> None:
    dead = client.get_queue_receiver("expiring", sub_queue=ServiceBusSubQueue.DEAD_LETTER)
    async with sender_and_receivers(client, "jobs", dead):
        async with client.get_queue_sender("expiring") as sender:
            short = ServiceBusMessage("a", time_to_live=dt.timedelta(seconds=1))
            await sender.send_messages(short)
        message = await receive_one(dead)
    assert message.dead_letter_reason == "TTLExpiredException"
