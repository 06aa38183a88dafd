"""Which loopback port each part of the stack has, and whether it is free."""

import secrets
import socket
from collections.abc import Mapping, Sequence

from devstack.errors import UsageError

DEFAULT_PORTS: Mapping[str, int] = {
    "functions": 7071,
    "appserver": 8080,
    "compute": 6500,
    "service_bus": 5672,
    "blob": 10000,
    "postgres": 5433,
    "identity": 8089,
}
# Below the range that the kernel hands out to outgoing connections, so that none takes it first.
_HIGHEST = 65_535
_EPHEMERAL = range(20_000, 32_000)


def variable(name: str) -> str:
    """The environment variable that overrides the port of a part."""
    return f"KUDUSO_{name.upper()}_PORT"


def read_ports(environment: Mapping[str, str], options: Sequence[str] = ()) -> dict[str, int]:
    """Defaults, then environment variables, then `name=N` options.

    Raises:
        UsageError: an unknown name, not a port number, or one port for two parts.
    """
    ports = dict(DEFAULT_PORTS)
    for name in ports:
        if text := environment.get(variable(name)):
            ports[name] = _parse(text, variable(name))
    for option in options:
        name, _, text = option.partition("=")
        if name not in ports:
            raise UsageError(
                f"--port {option}: the names are {', '.join(ports)}, as in compute=6501"
            )
        ports[name] = _parse(text, f"--port {name}")
    owners: dict[int, str] = {}
    for name, port in ports.items():
        if port in owners:
            raise UsageError(f"port {port} is given to both {owners[port]} and {name}")
        owners[port] = name
    return ports


def ephemeral_ports() -> dict[str, int]:
    """A free port for every part, for a stack beside others."""
    ports: dict[str, int] = {}
    while len(ports) < len(DEFAULT_PORTS):
        port = secrets.choice(_EPHEMERAL)
        if port not in ports.values() and is_free(port):
            ports[tuple(DEFAULT_PORTS)[len(ports)]] = port
    return ports


def is_free(port: int) -> bool:
    """Whether a server could listen on it now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def check_free(ports: Mapping[str, int]) -> None:
    """Look at all of them before anything starts.

    Raises:
        UsageError: one line for each taken port: the port, its part and how to choose another.
    """
    taken = [
        f"port {port} ({name}) is taken by another process: stop it,"
        f" or choose another port with {variable(name)}=N or --port {name}=N"
        for name, port in ports.items()
        if not is_free(port)
    ]
    if taken:
        raise UsageError("\n".join(taken))


def _parse(text: str, source: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _HIGHEST:
        raise UsageError(f"{source}: {text[:40]!r} is not a port number (1 to 65535)")
    return int(text)
