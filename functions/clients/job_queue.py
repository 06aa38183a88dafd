"""Sends doorbells to the queue `jobs-<app_id>` of an app.

Source: azure-servicebus; a sender is not safe for concurrent use, so each has a lock.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from contracts.wire.message import JobMessage
from functions.domain.errors import FaultError
from functions.telemetry.spans import traced

if TYPE_CHECKING:
    from azure.identity.aio import DefaultAzureCredential
    from azure.servicebus.aio import ServiceBusClient, ServiceBusSender

SEND_TIMEOUT_S = 5.0
# One more try covers a link that the service closed while idle; the outbox covers the rest.
RETRIES = 1
RETRY_PAUSE_S = 0.1


def queue_name(app_id: str) -> str:
    """The queue of an app."""
    return f"jobs-{app_id}"


@dataclass(slots=True)
class _Lane:
    """One queue's open sender."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    sender: "ServiceBusSender | None" = None


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
        self._lanes: dict[str, _Lane] = {}

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
        async with self._sender(message.app_id) as sender:
            await sender.send_messages(outgoing)

    async def ping(self, app_id: str) -> None:
        """Check that the app's queue can be reached.

        Raises:
            FaultError: it cannot.
        """
        async with self._sender(app_id) as sender:
            await sender.create_message_batch()

    @asynccontextmanager
    async def _sender(self, app_id: str) -> AsyncGenerator["ServiceBusSender"]:
        from azure.servicebus.exceptions import ServiceBusError

        lane = self._lanes.setdefault(app_id, _Lane())
        async with lane.lock:
            try:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    if lane.sender is None:
                        lane.sender = self._open_client().get_queue_sender(queue_name(app_id))
                    yield lane.sender
            except (ServiceBusError, TimeoutError, OSError) as error:
                stale, lane.sender = lane.sender, None
                if stale is not None:
                    with suppress(ServiceBusError, TimeoutError, OSError):
                        await asyncio.wait_for(stale.close(), SEND_TIMEOUT_S)
                raise FaultError(f"The queue {queue_name(app_id)} does not answer.") from error

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
        """Close every sender and the connection."""
        for lane in self._lanes.values():
            if lane.sender is not None:
                await lane.sender.close()
        for opened in (self._client, self._credential):
            if opened is not None:
                await opened.close()
