"""Command line: run the Functions app of a folder until SIGTERM or SIGINT."""

import argparse
import asyncio
import errno
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from devstack.functions_host.errors import HostError, PortTakenError
from devstack.functions_host.event_log import start_event_log
from devstack.functions_host.host import build_host
from devstack.functions_host.keys import read_or_create_keys

_HELP = """Run an Azure Functions app (Python v2 model) on this machine.

App settings come from the environment; Values of APP/local.settings.json are defaults.
Prints `ready HOST:PORT functions=N` once every trigger listens. Exit codes: 0 stopped by a
signal, 1 the app cannot be hosted, 2 the port is taken."""


@dataclass(frozen=True, slots=True)
class _Options:
    app: Path
    host: str
    port: int
    state: Path
    keys: Path
    grace_s: float


def _options(arguments: list[str] | None = None) -> _Options:
    parser = argparse.ArgumentParser(
        prog="python -m devstack.functions_host",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--app", type=Path, required=True, help="folder of function_app.py")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="address (default: %(default)s)")
    parser.add_argument(
        "--state",
        type=Path,
        default=Path(".devstack/functions_host"),
        help="folder of the timers' state, the task hub and keys.json (default: %(default)s)",
    )
    parser.add_argument("--keys", type=Path, help="keys file (default: STATE/keys.json, made once)")
    parser.add_argument(
        "--grace",
        type=float,
        default=10.0,
        metavar="SECONDS",
        help="time for running invocations after a signal (default: %(default)s)",
    )
    found = parser.parse_args(arguments)
    state = Path(found.state).resolve()
    keys = Path(found.keys).resolve() if found.keys else state / "keys.json"
    app = Path(found.app).resolve()
    return _Options(app, str(found.host), int(found.port), state, keys, float(found.grace))


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before the app is loaded, so that a taken one is told at once.

    Raises:
        PortTakenError: somebody else has it.
    """
    try:
        listener = socket.create_server((host, port), backlog=2048)
        # Accepted sockets inherit it; asyncio sets it only for sockets that name their protocol,
        # and without it the body of an answer waits 40 ms for the headers' acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise HostError(f"cannot listen on {host}:{port}: {error.strerror}") from error
        raise PortTakenError(f"port {port} on {host} is taken by another process") from error
    return listener


async def _run(options: _Options) -> None:
    """Serve until a signal."""
    listener = _listen(options.host, options.port)
    keys = read_or_create_keys(options.keys)
    # The worker's folder in Azure, where apps may read their files relative to it.
    os.chdir(options.app)
    port = int(listener.getsockname()[1])
    host = build_host(options.app, options.state, keys, f"http://{options.host}:{port}")
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await host.start(listener)
    print(f"ready {options.host}:{port} functions={host.function_count}", flush=True)
    await stop.wait()
    if not await host.stop(options.grace_s):
        # What still runs may be a thread that nothing can stop: leave as a killed instance does.
        sys.stderr.flush()
        os._exit(0)


def main() -> int:
    """Run the command and return its exit code."""
    options = _options()
    start_event_log()
    try:
        asyncio.run(_run(options))
    except HostError as error:
        print(f"functions_host: {error}", file=sys.stderr)
        return 2 if isinstance(error, PortTakenError) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
