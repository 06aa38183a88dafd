"""Looks up the addresses of a host."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

THREADS = 32


class Resolver:
    """The operating system's resolver, in threads of its own.

    Look-ups block their thread, and tenants name the hosts: a name server that never answers may
    not use up the event loop's own threads, which the database and the queue need.
    """

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(THREADS, thread_name_prefix="resolver")

    async def resolve(self, host: str, port: int) -> list[str]:
        """Every address of a host, the preferred one first; empty when there is none."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, _look_up, host, port)
        except (socket.gaierror, UnicodeError):
            return []


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]
