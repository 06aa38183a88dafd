"""The real azure-servicebus SDK; handlers open and close side by side, 0.5 s for all of them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver, ServiceBusSender

WAIT_S = 5.0
"""Long enough for a loaded machine; a message that is ready comes at once."""
QUIET_S = 0.3
"""Long enough to see that nothing comes: what is ready was pushed before."""


@asynccontextmanager
async def sender_and_receivers(
    client: ServiceBusClient, queue: str, *receivers: ServiceBusReceiver
) -> AsyncGenerator[tuple[ServiceBusSender, ServiceBusReceiver], None]:
    """A sender and a receiver of the queue; further receivers open and close with them."""
    sender, receiver = client.get_queue_sender(queue), client.get_queue_receiver(queue)
    handlers = (sender, receiver, *receivers)
    await asyncio.gather(*(handler.__aenter__() for handler in handlers))
    try:
        yield sender, receiver
    finally:
        await asyncio.gather(*(handler.close() for handler in handlers))


async def receive_one(receiver: ServiceBusReceiver) -> ServiceBusReceivedMessage:
    (message,) = await receiver.receive_messages(max_message_count=1, max_wait_time=WAIT_S)
    return message


async def receive(receiver: ServiceBusReceiver, count: int) -> list[ServiceBusReceivedMessage]:
    """Exactly so many messages, in as many calls as it takes."""
    received: list[ServiceBusReceivedMessage] = []
    while len(received) < count:
        more = await receiver.receive_messages(count - len(received), max_wait_time=WAIT_S)
        assert more, f"{len(received)} of {count} messages came"
        received += more
    return received


async def is_quiet(receiver: ServiceBusReceiver) -> bool:
    return await receiver.receive_messages(1, max_wait_time=QUIET_S) == []


def text(message: ServiceBusReceivedMessage) -> str:
    return b"".join(message.body).decode()
