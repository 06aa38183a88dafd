"""One receiver of a Service Bus trigger, used by one call at a time.

Each lane has its own AMQP connection: receive, call and settlement follow one another on it, so
that no settlement ever waits behind another lane's open read (the SDK reads under one lock per
connection, 0.2 s at a time). One lane of a trigger listens, for one message (with a larger count
the SDK waits 0.2 s for more); the moment it has one, the next lane listens.
"""

import asyncio
import contextlib
from dataclasses import dataclass

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver
from azure.servicebus.exceptions import ServiceBusError

from devstack.functions_host.event_log import error_text, log_warning
from devstack.functions_host.lock_renewal import renewed_lock
from devstack.functions_host.outage import Outage

_LISTEN_S = 60.0
_CLOSE_S = 3.0
_BACKOFF_S = (0.2, 0.5, 1.0, 2.0)

Messages = list[ServiceBusReceivedMessage]


@dataclass(frozen=True, slots=True)
class QueueSource:
    """Where a trigger receives from, and how."""

    function_name: str
    connection: str
    queue: str
    batch_size: int
    renew_lock_s: float


class Lane:
    """A receiver that comes back by itself when the bus was away."""

    def __init__(self, source: QueueSource, outage: Outage) -> None:
        self._source, self._outage = source, outage
        # One attempt per call: waiting and saying so is this module's job.
        self._client = ServiceBusClient.from_connection_string(
            source.connection, retry_total=0, retry_backoff_factor=0
        )
        self._receiver: ServiceBusReceiver | None = None
        self._generation = 0
        self._opening = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

    async def open(self) -> bool:
        """Connect, anew when the connection is stale; False when the bus is away."""
        async with self._opening:
            if self._receiver is not None and self._generation == self._outage.generation:
                return True
            self._drop()
            generation = self._outage.generation
            receiver = self._client.get_queue_receiver(self._source.queue)
            try:
                await receiver.__aenter__()
            except (ServiceBusError, OSError) as error:
                self._outage.began(error)
                await _close(receiver)
                return False
            self._receiver, self._generation = receiver, generation
        self._outage.ended()
        return True

    async def receive(self) -> Messages:
        """Wait for messages as long as it takes, across outages."""
        attempt = 0
        while True:
            if not await self.open():
                await asyncio.sleep(_BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)])
                attempt += 1
                continue
            attempt = 0
            if messages := await self._listen():
                return messages

    def holding(self, messages: Messages) -> contextlib.AbstractAsyncContextManager[None]:
        """Keep the lock of a single message for a block; batches keep theirs as they came."""
        if self._receiver is None or self._source.batch_size > 1:
            return contextlib.nullcontext()
        return renewed_lock(self._receiver, messages[0], self._source.renew_lock_s)

    async def settle(self, messages: Messages, *, is_success: bool) -> None:
        """Complete or abandon; abandoned messages come again at once, as in Azure.

        A settlement that fails leaves the lock to run out, and the bus delivers again.
        """
        receiver = self._receiver
        if receiver is None:
            return
        for message in messages:
            try:
                if is_success:
                    await receiver.complete_message(message)
                else:
                    await receiver.abandon_message(message)
            except (ServiceBusError, ValueError, OSError) as error:
                log_warning(
                    "settlement_failed",
                    function=self._source.function_name,
                    message_id=message.message_id,
                    is_success=is_success,
                    error=error_text(error),
                )

    async def close(self) -> None:
        """Close the connection; messages on the way go back to the queue."""
        self._drop()
        await asyncio.gather(*self._closing)
        await self._client.close()

    def _drop(self) -> None:
        """Close the connection behind the scenes: the SDK takes up to a second for that."""
        if self._receiver is not None:
            task = asyncio.create_task(_close(self._receiver))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        self._receiver = None

    async def _listen(self) -> Messages:
        receiver = self._receiver
        if receiver is None:
            return []
        try:
            messages = await receiver.receive_messages(
                max_message_count=self._source.batch_size, max_wait_time=_LISTEN_S
            )
        except (ServiceBusError, OSError):
            # The connection is gone; whether the bus is away shows when it is opened again.
            self._outage.broke(self._generation)
            self._drop()
            return []
        return messages


async def _close(receiver: ServiceBusReceiver) -> None:
    """Close as well as a broken connection lets us; the SDK may hang or raise on one."""
    try:
        async with asyncio.timeout(_CLOSE_S):
            await receiver.close()
    except (ServiceBusError, OSError, TimeoutError) as error:
        log_warning("receiver_not_closed", error=error_text(error))
