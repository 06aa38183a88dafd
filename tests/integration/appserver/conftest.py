"""The AppServer on a real port, in front of the local engine or of one that misbehaves."""

import asyncio
import base64
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from appserver.config import Settings
from appserver.main import create_app
from contracts.json_text import parse_json
from contracts.registry import DEFAULT_ROOT

KEY = "a-key-for-tests"
PROVENANCE_KEY = f"ed25519:{base64.b64encode(bytes(32)).decode()}"
ROOT = Path(__file__).parents[3]
Serve = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """The application takes over logging; give it back."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@contextmanager
def running_engine(*options: str, **environment: str) -> Iterator[str]:
    """The devstack's Rhino.Compute, evaluating the shipped definitions."""
    process = subprocess.Popen(
        [sys.executable, "-m", "devstack.rhino_compute", "--port", "0", *options],
        cwd=ROOT,
        env={**os.environ, "RHINO_COMPUTE_KEY": KEY, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("ready "), f"the engine did not start: {line!r}"
    yield f"http://{line.split()[1]}"
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    process.stdout.close()


@pytest.fixture(scope="session")
def engine_url() -> Iterator[str]:
    """One for all who do not change it."""
    with running_engine() as url:
        yield url


@pytest.fixture
def bare_engine_url(tmp_path: Path) -> Iterator[str]:
    """The same on a machine that has no Ladybug Tools."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['ladybug'] = None\n")
    with running_engine(PYTHONPATH=str(tmp_path)) as url:
        yield url


@pytest.fixture(scope="session")
def sticky_engine_url() -> Iterator[str]:
    """The same with the habit of keeping inputs that a request leaves out."""
    with running_engine("--sticky-inputs") as url:
        yield url


@asynccontextmanager
async def _served(environment: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    listening = socket.create_server(("127.0.0.1", 0))
    defaults = {
        "ALLOW_BARE_INPUTS": "true",
        "PROVENANCE_KEY": PROVENANCE_KEY,
        "NODE_RETRY_S": "0.05",
        "COMPUTE_CHILDREN": "1",
    }
    app = create_app(Settings.read({**defaults, **environment}))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="on", log_config=None, ws="none"))
    serving = asyncio.create_task(server.serve([listening]))
    base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        async with httpx.AsyncClient(base_url=base_url, timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        await serving
        listening.close()


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start an AppServer with these settings; answers a client of it."""
    async with AsyncExitStack() as stack:

        async def start(**environment: str) -> httpx.AsyncClient:
            return await stack.enter_async_context(_served(environment))

        yield start


@pytest.fixture
async def client(serve: Serve, engine_url: str) -> httpx.AsyncClient:
    """An AppServer in front of the local engine."""
    return await serve(COMPUTE_URL=engine_url, COMPUTE_API_KEY=KEY)


@dataclass
class Misbehaving:
    """An engine that answers every solve with the same bytes, and is well otherwise.

    Without bytes it never answers; with none left to say it cuts the connection. Canaries and
    questions about the engine are answered by a real one.
    """

    engine_url: str
    url: str = ""
    is_sick: bool = False
    answer: bytes | None = b""
    requests: list[bytes] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.lower().splitlines() if b"length" in line), 0
        )
        body = await reader.readexactly(length)
        if not self.is_sick and (b"/grasshopper" not in head or b"kuduso_canary" in body):
            await self.pass_on(head, body, writer)
            return
        self.requests.append(head + body)
        self.asked.set()
        if self.answer is None:
            await reader.read()
            self.left.set()
        elif self.answer:
            writer.write(self.answer)
            await writer.drain()
        else:
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.close()

    async def pass_on(self, head: bytes, body: bytes, writer: asyncio.StreamWriter) -> None:
        method, path, _ = head.decode().split(" ", 2)
        async with httpx.AsyncClient(headers={"RhinoComputeKey": KEY}, timeout=30) as client:
            answer = await client.request(method, self.engine_url + path, content=body)
        size = len(answer.content)
        sent = f"HTTP/1.1 {answer.status_code} X\r\ncontent-length: {size}\r\n"
        writer.write(f"{sent}connection: close\r\n\r\n".encode() + answer.content)
        await writer.drain()
        writer.close()

    def say(self, status: int, body: bytes) -> None:
        head = f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        self.answer = head.encode() + body


@pytest.fixture
async def misbehaving(engine_url: str) -> AsyncIterator[Misbehaving]:
    """An engine with faults."""
    engine = Misbehaving(engine_url)
    async with await asyncio.start_server(engine.converse, "127.0.0.1", 0) as server:
        engine.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield engine


@pytest.fixture
def unused_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@pytest.fixture
def own_contracts(tmp_path: Path) -> Path:
    """A copy of sitefit that a test may change."""
    shutil.copytree(DEFAULT_ROOT / "sitefit", tmp_path / "sitefit")
    return tmp_path


@pytest.fixture
def minimal() -> dict[str, Any]:
    """The smallest inputs of sitefit 1.0.0."""
    file = DEFAULT_ROOT / "sitefit" / "1.0.0" / "examples" / "valid" / "minimal.json"
    inputs = parse_json(file.read_bytes())
    assert isinstance(inputs, dict)
    return inputs
