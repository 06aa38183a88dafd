"""`python -m devstack.service_bus`: the emulator as a process of the local stack."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from devstack.service_bus.config import DEFAULT_KEY, DEFAULT_KEY_NAME, AccessKey, read_queues
from devstack.service_bus.errors import StartError, StoreError
from devstack.service_bus.logs import log_event
from devstack.service_bus.server import HOST, serve

_CANNOT_START, _FAILED = 2, 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m devstack.service_bus",
        description="An emulator of Azure Service Bus queues for the azure-servicebus SDK. "
        f"Listens on {HOST}, prints 'ready {HOST}:PORT', stops on SIGTERM or Ctrl-C.",
    )
    add = parser.add_argument
    add("--port", type=int, required=True, help="TCP port; 0 takes a free one")
    add("--queues", type=Path, required=True, metavar="FILE", help="JSON: {queues: {name: {...}}}")
    add("--database", type=Path, metavar="PATH", help="SQLite file; without it nothing is kept")
    add("--key-name", default=DEFAULT_KEY_NAME, help="shared access key name (%(default)s)")
    add("--key", default=DEFAULT_KEY, help="shared access key (%(default)s)")
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    queues = read_queues(arguments.queues)
    access_key = AccessKey(arguments.key_name, arguments.key)
    async with serve(queues, arguments.database, arguments.port, access_key) as running:
        print(f"ready {HOST}:{running.port}", flush=True)
        log_event("started", port=running.port, queues=len(queues))
        until_stopped = asyncio.ensure_future(stopped.wait())
        await asyncio.wait((until_stopped, running.failed), return_when="FIRST_COMPLETED")
        until_stopped.cancel()
        if running.failed.done():
            running.failed.result()
    log_event("stopped")


def main() -> int:
    """Run until stopped; 2 when it cannot start, 1 when the database fails."""
    try:
        asyncio.run(_run(_arguments()))
    except StartError as error:
        print(error, file=sys.stderr)
        return _CANNOT_START
    except StoreError as error:
        log_event("store_failed", reason=str(error))
        return _FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
