"""The AppServer's side of a solve: a real HTTP server that answers when the test says so."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Literal

Outcome = Literal["solved", "permanent", "transient", "full", "nonsense"]


@dataclass(eq=False, slots=True)
class PendingSolve:
    number: int
    correlation_id: str
    answer: asyncio.Future[Outcome]


class Engine:
    """Holds every solve until `end` is called; a solve whose caller left is dropped."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._numbers = count(1)
        self.pending: list[PendingSolve] = []
        self.url = ""
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def end(self, solve: PendingSolve, outcome: Outcome) -> None:
        self.pending.remove(solve)
        solve.answer.set_result(outcome)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await _head(reader):
                await reader.readexactly(int(head["content-length"]))
                await self._answer(head["x-correlation-id"], reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the caller left
        finally:
            writer.close()

    async def _answer(
        self, correlation_id: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        answer = asyncio.get_running_loop().create_future()
        solve = PendingSolve(next(self._numbers), correlation_id, answer)
        self.pending.append(solve)
        self._changed()
        leaving = asyncio.create_task(reader.read(1))
        await asyncio.wait({leaving, answer}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            self.pending.remove(solve)
            self._changed()
            raise ConnectionError
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        writer.write(_reply(answer.result(), solve.number))
        await writer.drain()


async def _head(reader: asyncio.StreamReader) -> dict[str, str]:
    try:
        text = (await reader.readuntil(b"\r\n\r\n")).decode()
    except asyncio.IncompleteReadError:
        return {}
    lines = text.split("\r\n")[1:-2]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def _reply(outcome: Outcome, number: int) -> bytes:
    status, body = {
        "solved": (200, {"status": "succeeded", "outputs": {"result": number}, "artifacts": []}),
        "permanent": (422, {"code": "domain_violation", "detail": "It does not fit."}),
        "transient": (503, {"code": "engine_unreachable", "detail": "Away."}),
        "full": (429, {"code": "seats_exhausted", "detail": "No seat."}),
        "nonsense": (200, {"unexpected": True}),
    }[outcome]
    text = json.dumps(body).encode()
    return f"HTTP/1.1 {status} X\r\ncontent-length: {len(text)}\r\n\r\n".encode() + text
