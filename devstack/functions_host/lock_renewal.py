"""Keeps message locks while a function runs.

The SDK's AutoLockRenewer looks once a second and misses locks of two seconds and less; it also
goes on for a second after the settlement. This one renews at half the lock and ends before the
message is settled, so that nothing else uses the lane's connection then.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusReceiver
from azure.servicebus.exceptions import ServiceBusError

from devstack.functions_host.event_log import error_text, log_warning

_SHORTEST_WAIT_S = 0.05


@contextlib.asynccontextmanager
async def renewed_lock(
    receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage, limit_s: float
) -> AsyncGenerator[None]:
    """Hold the lock of a message for the block, for `limit_s` seconds at most.

    A renewal that fails ends the renewing, not the block: the message may then come twice.
    """
    over = asyncio.Event()
    renewing = asyncio.create_task(_renew(receiver, message, limit_s, over))
    try:
        yield
    finally:
        over.set()
        await renewing


async def _renew(
    receiver: ServiceBusReceiver,
    message: ServiceBusReceivedMessage,
    limit_s: float,
    over: asyncio.Event,
) -> None:
    end = time.monotonic() + limit_s
    while (locked_until := message.locked_until_utc) is not None:
        left_s = (locked_until - datetime.now(UTC)).total_seconds()
        wait_s = max(left_s / 2, _SHORTEST_WAIT_S)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), wait_s)
        if over.is_set() or time.monotonic() > end:
            return
        try:
            await receiver.renew_message_lock(message)
        except (ServiceBusError, ValueError, OSError) as error:
            fields = {"message_id": message.message_id, "error": error_text(error)}
            log_warning("lock_not_renewed", **fields)
            return
