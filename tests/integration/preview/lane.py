"""The AppServer's side of a preview: a real HTTP server that answers as it is told."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

ANSWER: dict[str, Any] = {
    "outputs": {"result": 11},
    "quality": "fresh",
    "inputs": {"value": 1},
    "artifacts": [],
    "timebox_ms": 600,
}


@dataclass(slots=True)
class Lane:
    """Answers with ANSWER, or what stands in `replies`, in their order, once `gate` is open."""

    url: str = ""
    replies: deque[tuple[int, Mapping[str, str], Any]] = field(default_factory=deque)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    requests: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)

    def will_answer(self, status: int, body: Any = None, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies.append((status, named, body))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                await self._answer(line, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the caller left
        finally:
            writer.close()

    async def _answer(
        self, line: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        text = (await reader.readuntil(b"\r\n\r\n")).decode()
        pairs = (entry.partition(": ") for entry in text.split("\r\n") if entry)
        headers = {name.lower(): value for name, _, value in pairs}
        body = json.loads(await reader.readexactly(int(headers["content-length"])))
        self.requests.append((line.decode().split(" ")[1], headers, body))
        self.asked.set()
        await self.gate.wait()
        status, more, answer = self.replies.popleft() if self.replies else (200, {}, ANSWER)
        sent = b"" if answer is None else json.dumps(answer).encode()
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in more.items())]
        lines += [] if status == 204 else [f"content-length: {len(sent)}"]
        writer.write("\r\n".join([*lines, "", ""]).encode() + sent)
        await writer.drain()


@asynccontextmanager
async def running_lane() -> AsyncIterator[Lane]:
    lane = Lane()
    lane.gate.set()
    server = await asyncio.start_server(lane.serve, "127.0.0.1", 0)
    lane.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield lane
    lane.gate.set()
    server.close()
