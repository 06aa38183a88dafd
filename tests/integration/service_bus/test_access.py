"""Who is let in, and what a wrong name answers, through the real SDK."""

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import (
    MessagingEntityNotFoundError,
    ServiceBusAuthenticationError,
)

from devstack.service_bus.config import AccessKey, connection_string
from devstack.service_bus.server import Running


async def test_a_wrong_key_is_refused(emulator: Running) -> None:
    wrong = connection_string(emulator.port, AccessKey(key="wrong"))
    async with ServiceBusClient.from_connection_string(wrong, retry_total=0) as client:
        sender = client.get_queue_sender("jobs")
        with pytest.raises(ServiceBusAuthenticationError):
            await sender.send_messages(ServiceBusMessage("a"))
        await sender.close()


async def test_an_unknown_queue_is_not_found(client: ServiceBusClient) -> None:
    sender = client.get_queue_sender("nowhere")
    receiver = client.get_queue_receiver("nowhere")
    with pytest.raises(MessagingEntityNotFoundError):
        await sender.send_messages(ServiceBusMessage("a"))
    with pytest.raises(MessagingEntityNotFoundError):
        await receiver.receive_messages(1, max_wait_time=30)
    await sender.close()
    await receiver.close()


async def test_queue_names_ignore_case(client: ServiceBusClient) -> None:
    async with client.get_queue_sender("JOBS") as sender:
        await sender.send_messages(ServiceBusMessage("a"))
