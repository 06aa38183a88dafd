"""What the real SDK sends comes back as it was, in order, at once."""

import datetime as dt
import uuid

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusReceiveMode
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.amqp import AmqpAnnotatedMessage
from azure.servicebus.exceptions import MessageSizeExceededError

from tests.integration.service_bus.sdk import (
    is_quiet,
    receive,
    receive_one,
    sender_and_receivers,
    text,
)


async def test_a_message_keeps_its_properties(client: ServiceBusClient) -> None:
    sent = ServiceBusMessage(
        "a",
        message_id="job:1",
        correlation_id="c",
        subject="solve",
        content_type="application/json",
        reply_to="answers",
        to="somebody",
        time_to_live=dt.timedelta(hours=1),
        application_properties={"s": "text", "i": 7, "f": 1.5, "b": True, "u": uuid.UUID(int=5)},
    )
    async with sender_and_receivers(client, "jobs") as (sender, receiver):
        await sender.send_messages(sent)
        message = await receive_one(receiver)
        assert isinstance(message.lock_token, uuid.UUID)
        assert message.locked_until_utc is not None
        locked_for = message.locked_until_utc - dt.datetime.now(dt.UTC)
        assert dt.timedelta(seconds=20) < locked_for <= dt.timedelta(seconds=30)
        await receiver.complete_message(message)
        assert await is_quiet(receiver)
    assert (text(message), message.message_id, message.delivery_count) == ("a", "job:1", 0)
    assert (message.correlation_id, message.subject, message.to) == ("c", "solve", "somebody")
    assert (message.content_type, message.reply_to) == ("application/json", "answers")
    assert message.time_to_live == dt.timedelta(hours=1)
    assert message.application_properties == {
        b"s": b"text",
        b"i": 7,
        b"f": 1.5,
        b"b": True,
        b"u": uuid.UUID(int=5),
    }


async def test_batches_and_unusual_bodies_arrive_in_order(client: ServiceBusClient) -> None:
    async with sender_and_receivers(client, "jobs") as (sender, receiver):
        await sender.send_messages([ServiceBusMessage(f"list {i}") for i in range(50)])
        batch = await sender.create_message_batch()
        for i in range(50):
            batch.add_message(ServiceBusMessage(f"batch {i}"))
        await sender.send_messages(batch)
        await sender.send_messages([ServiceBusMessage("batch of one")])
        await sender.send_messages(AmqpAnnotatedMessage(data_body=[b"two ", b"sections"]))
        await sender.send_messages(AmqpAnnotatedMessage(value_body={"k": [1, 2]}))
        messages = await receive(receiver, 103)
    bodies = [text(message) for message in messages[:102]]
    assert bodies[:50] == [f"list {i}" for i in range(50)]
    assert bodies[50:100] == [f"batch {i}" for i in range(50)]
    assert bodies[100:] == ["batch of one", "two sections"]
    assert messages[102].raw_amqp_message.body == {b"k": [1, 2]}
    assert batch.max_size_in_bytes == 1024 * 1024


async def test_a_message_of_many_frames_arrives_and_a_larger_one_is_refused(
    client: ServiceBusClient,
) -> None:
    async with sender_and_receivers(client, "jobs") as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("z" * 900_000))
        with pytest.raises(MessageSizeExceededError):
            await sender.send_messages(ServiceBusMessage("z" * 1_200_000))
        await sender.send_messages(ServiceBusMessage("still usable"))
        large, small = await receive(receiver, 2)
    assert (len(text(large)), text(small)) == (900_000, "still usable")


async def test_a_sent_id_is_a_duplicate_within_the_window(client: ServiceBusClient) -> None:
    async with sender_and_receivers(client, "once") as (sender, receiver):
        for body in ("1", "1", "2", "1"):
            await sender.send_messages(ServiceBusMessage(body, message_id=body))
        messages = [ServiceBusMessage(body, message_id=body) for body in ("2", "3")]
        await sender.send_messages(messages)
        received = await receive(receiver, 3)
        assert await is_quiet(receiver)
    assert [text(message) for message in received] == ["1", "2", "3"]


async def test_receive_and_delete_by_iterating(client: ServiceBusClient) -> None:
    deleting = client.get_queue_receiver(
        "jobs", receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE, max_wait_time=1
    )
    async with deleting, client.get_queue_sender("jobs") as sender:
        await sender.send_messages([ServiceBusMessage(str(i)) for i in range(20)])
        bodies = [text(message) async for message in deleting]
        assert await deleting.peek_messages(1) == []
    assert bodies == [str(i) for i in range(20)]
