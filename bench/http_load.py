"""Clients that cost little: requests prepared beforehand, one kept-alive connection each."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import uvloop

from bench.constant_engine import content_length

OK = (b"HTTP/1.1 200", b"HTTP/1.0 200")


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds of each request, and of all together."""

    each_s: list[float]
    all_s: float

    @property
    def per_s(self) -> float:
        """Requests a second."""
        return len(self.each_s) / self.all_s

    @property
    def p50_ms(self) -> float:
        """Half of the requests took less."""
        return sorted(self.each_s)[len(self.each_s) // 2] * 1000


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """The bytes of one request."""
    given = {"host": "127.0.0.1", "content-type": "application/json", **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode() + body


def send_all(port: int, requests: Sequence[bytes], clients: int) -> Timings:
    """Send every request, each client the next one as soon as it has its answer.

    Raises:
        RuntimeError: an answer is no 200.
    """
    return uvloop.run(_send_all(port, requests, clients))


async def _send_all(port: int, requests: Sequence[bytes], clients: int) -> Timings:
    loop, waiting = asyncio.get_running_loop(), iter(requests)
    opened = [
        await loop.create_connection(lambda: Client(waiting), "127.0.0.1", port)
        for _ in range(clients)
    ]
    started = time.perf_counter()
    for _, client in opened:
        client.begin()
    await asyncio.gather(*(client.ended for _, client in opened))
    all_s = time.perf_counter() - started
    for transport, _ in opened:
        transport.close()
    return Timings([one for _, client in opened for one in client.each_s], all_s)


class Client(asyncio.Protocol):
    """Sends until nothing waits."""

    def __init__(self, waiting: Iterator[bytes]) -> None:
        self.each_s: list[float] = []
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting, self._read, self._sent_at = waiting, b"", 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it to ask on."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def begin(self) -> None:
        """Send the next request."""
        request = next(self._waiting, None)
        if request is None:
            self.ended.set_result(None)
            return
        assert self._transport is not None
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Note an answer that is complete, and go on."""
        self._read += data
        head, ended, rest = self._read.partition(b"\r\n\r\n")
        if not ended or len(rest) < content_length(head):
            return
        self.each_s.append(time.perf_counter() - self._sent_at)
        if not self._read.startswith(OK):
            self.ended.set_exception(RuntimeError(f"not a 200: {self._read[:600]!r}"))
            return
        self._read = b""
        self.begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """An end that nobody expected is an error."""
        if not self.ended.done():
            self.ended.set_exception(RuntimeError(f"the connection broke: {exc!r}"))
