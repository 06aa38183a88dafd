"""An emulator in the test's own event loop, and the real SDK's client for it."""

from collections.abc import AsyncGenerator

import pytest
from azure.servicebus.aio import ServiceBusClient

from devstack.service_bus.config import QueueSettings
from devstack.service_bus.server import Running, serve

QUEUES = {
    "jobs": QueueSettings(lock_s=30),
    "short-lock": QueueSettings(lock_s=1),
    "renewed": QueueSettings(lock_s=3),
    "two-attempts": QueueSettings(lock_s=30, max_delivery_count=2),
    "once": QueueSettings(lock_s=30, duplicate_window_s=60),
    "expiring": QueueSettings(lock_s=30, dead_letter_on_expiry=True),
}


@pytest.fixture
async def emulator() -> AsyncGenerator[Running, None]:
    async with serve(QUEUES) as running:
        yield running


@pytest.fixture
async def client(emulator: Running) -> AsyncGenerator[ServiceBusClient, None]:
    async with ServiceBusClient.from_connection_string(
        emulator.connection_string, retry_total=0
    ) as client:
        yield client
