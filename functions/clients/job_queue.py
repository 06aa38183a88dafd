"""Sends doorbells to the queue `jobs-<app_id>` of an app.

Source: azure-servicebus; a link is not safe for concurrent use, so each has a lock.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from contracts.wire.message import JobMessage
from functions.domain.errors import FaultError
from functions.telemetry.spans import traced

if TYPE_CHECKING:
    from azure.identity.aio import DefaultAzureCredential
    from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver, ServiceBusSender

SEND_TIMEOUT_S = 5.0
# One more try covers a link that the service closed while idle; the outbox covers the rest.
RETRIES = 1
RETRY_PAUSE_S = 0.1


def queue_name(app_id: str) -> str:
    """The queue of an app."""
    return f"jobs-{app_id}"


class _Link(Protocol):
    async def close(self) -> None: ...


L = TypeVar("L", bound=_Link)


@dataclass(slots=True)
class _Lane(Generic[L]):
    """One queue's open sender or receiver."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    link: L | None = None


class JobQueue:
    """Opens one connection per queue on first use and keeps it; a failed one is opened anew.

    Args:
        connection: a connection string, or None to use the managed identity.
        namespace: the fully qualified namespace that goes with the managed identity.
    """

    def __init__(self, connection: str | None, namespace: str | None) -> None:
        self._connection = connection
        self._namespace = namespace
        self._client: ServiceBusClient | None = None
        self._credential: DefaultAzureCredential | None = None
        self._senders: dict[str, _Lane[ServiceBusSender]] = {}
        self._receivers: dict[str, _Lane[ServiceBusReceiver]] = {}

    @traced("send doorbell", "producer")
    async def send(self, message: JobMessage, due_at: datetime | None = None) -> None:
        """Ring the app's doorbell, at once or when it is due.

        Raises:
            FaultError: the broker did not take the message in time.
        """
        from azure.servicebus import ServiceBusMessage

        properties: dict[str | bytes, int | float | bytes | bool | str] = {
            "app_id": message.app_id,
            "traceparent": message.traceparent or "",
        }
        outgoing = ServiceBusMessage(
            message.model_dump_json(),
            message_id=message.message_id,
            correlation_id=message.correlation_id,
            content_type="application/json",
            application_properties={name: value for name, value in properties.items() if value},
            scheduled_enqueue_time_utc=due_at,
        )
        queue = queue_name(message.app_id)
        lane = self._senders.setdefault(queue, _Lane())
        async with self._opened(queue, lane, lambda bus: bus.get_queue_sender(queue)) as sender:
            await sender.send_messages(outgoing)

    async def ping(self, app_ids: Iterable[str]) -> None:
        """Look into each app's queue: a round trip each, where an open link alone tells nothing.

        Raises:
            FaultError: one does not answer.
        """
        await asyncio.gather(*(self._look(queue_name(app_id)) for app_id in app_ids))

    async def _look(self, queue: str) -> None:
        lane = self._receivers.setdefault(queue, _Lane())
        async with self._opened(queue, lane, lambda bus: bus.get_queue_receiver(queue)) as receiver:
            await receiver.peek_messages(1)

    @asynccontextmanager
    async def _opened(
        self, queue: str, lane: _Lane[L], open_link: Callable[["ServiceBusClient"], L]
    ) -> AsyncGenerator[L]:
        from azure.servicebus.exceptions import ServiceBusError

        async with lane.lock:
            try:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    if lane.link is None:
                        lane.link = open_link(self._open_client())
                    yield lane.link
            except (ServiceBusError, TimeoutError, OSError) as error:
                stale, lane.link = lane.link, None
                if stale is not None:
                    with suppress(ServiceBusError, TimeoutError, OSError):
                        await asyncio.wait_for(stale.close(), SEND_TIMEOUT_S)
                raise FaultError(f"The queue {queue} does not answer.") from error

    def _open_client(self) -> "ServiceBusClient":
        if self._client is None:
            from azure.servicebus.aio import ServiceBusClient

            if self._connection is not None:
                self._client = ServiceBusClient.from_connection_string(
                    self._connection, retry_total=RETRIES, retry_backoff_factor=RETRY_PAUSE_S
                )
            elif self._namespace is not None:
                from azure.identity.aio import DefaultAzureCredential

                credential = self._credential = DefaultAzureCredential()
                self._client = ServiceBusClient(
                    self._namespace,
                    credential,
                    retry_total=RETRIES,
                    retry_backoff_factor=RETRY_PAUSE_S,
                )
            else:
                raise FaultError("SERVICEBUS_CONNECTION is not set.")
        return self._client

    async def close(self) -> None:
        """Close every link and the connection."""
        for lane in (*self._senders.values(), *self._receivers.values()):
            if lane.link is not None:
                await lane.link.close()
        for opened in (self._client, self._credential):
            if opened is not None:
                await opened.close()
