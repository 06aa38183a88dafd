"""Start and stop the emulator inside a running event loop."""

import asyncio
import errno
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from devstack.service_bus.broker import Broker
from devstack.service_bus.config import DEVELOPMENT_KEY, AccessKey, QueueSettings, connection_string
from devstack.service_bus.connection import Connection
from devstack.service_bus.errors import StartError
from devstack.service_bus.message_queue import Clock
from devstack.service_bus.nodes import Nodes
from devstack.service_bus.store import Store
from devstack.service_bus.turns import Turns

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Running:
    """An emulator that listens."""

    port: int
    connection_string: str
    """For the Service Bus SDKs."""
    failed: asyncio.Future[None]
    """Ends with an error when the database cannot be written any more."""


@asynccontextmanager
async def serve(
    queues: Mapping[str, QueueSettings],
    database: Path | None = None,
    port: int = 0,
    access_key: AccessKey = DEVELOPMENT_KEY,
    clock: Clock = time.time,
) -> AsyncGenerator[Running, None]:
    """Listen on 127.0.0.1 until the block ends; port 0 takes a free one.

    Without a database the messages live as long as the block. The azure-servicebus aio client
    works in the same event loop.

    Raises:
        StartError: the port is taken or the database cannot be used.
    """
    store = None if database is None else Store(database)
    try:
        broker = Broker(queues, clock, store)
        turns = Turns(broker, clock)
        server = await _listen(port, lambda: Connection(Nodes(broker, access_key, clock), turns))
        try:
            bound: int = server.sockets[0].getsockname()[1]
            yield Running(bound, connection_string(bound, access_key), turns.failed)
        finally:
            server.close()
            turns.close()
            await server.wait_closed()
    finally:
        if store is not None:
            store.close()


async def _listen(port: int, factory: Callable[[], Connection]) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(factory, HOST, port)
    except OSError as error:
        reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used: {error}"
        raise StartError(f"Port {port} of {HOST} {reason}.") from error
