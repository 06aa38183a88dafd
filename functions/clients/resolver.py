"""Looks up the addresses of a host."""

import asyncio
import socket


class Resolver:
    """The operating system's resolver."""

    async def resolve(self, host: str, port: int) -> list[str]:
        """Every address of a host, the preferred one first; empty when there is none."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
        except (socket.gaierror, UnicodeError):
            return []
        return [str(address[0]) for *_, address in found]
