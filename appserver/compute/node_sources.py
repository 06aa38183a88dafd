"""Where nodes are: a list, the addresses behind a name, or the instances of a scale set."""

import asyncio
import socket
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from appserver.compute.node import NodeAddress


class NodeSourceError(Exception):
    """The nodes cannot be listed now; those that are known stay."""


class NodeSource(Protocol):
    """Anything that can list nodes."""

    async def addresses(self) -> list[NodeAddress]:
        """The nodes of this moment.

        Raises:
            NodeSourceError: they cannot be listed now.
        """
        ...

    async def close(self) -> None:
        """Close connections."""
        ...


def node_address(url: str, agent_port: int | None) -> NodeAddress:
    """A node whose agent, if there is one, answers on another port of the same host."""
    parts = urlsplit(url)
    if agent_port is None:
        return NodeAddress(url)
    host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    return NodeAddress(url, f"{parts.scheme}://{host}:{agent_port}")


@dataclass(frozen=True, slots=True)
class ListedNodes:
    """Nodes that a setting lists."""

    urls: tuple[str, ...]
    agent_port: int | None

    async def addresses(self) -> list[NodeAddress]:
        """Always the same."""
        return [node_address(url, self.agent_port) for url in self.urls]

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class NamedNodes:
    """One node for each address that a host name has, and each of the ports."""

    host: str
    ports: tuple[int, ...]
    agent_port: int | None

    async def addresses(self) -> list[NodeAddress]:
        """Resolve the name."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(self.host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            raise NodeSourceError(f"{self.host} cannot be resolved") from error
        hosts = dict.fromkeys(str(entry[4][0]) for entry in found)
        return on_ports(list(hosts), self.ports, self.agent_port)

    async def close(self) -> None:
        """Nothing is open."""


def on_ports(hosts: list[str], ports: tuple[int, ...], agent_port: int | None) -> list[NodeAddress]:
    """A node for each host and port."""
    bracketed = [f"[{host}]" if ":" in host else host for host in hosts]
    return [
        node_address(f"http://{host}:{port}", agent_port) for host in bracketed for port in ports
    ]
