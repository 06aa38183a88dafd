"""The emulator as a process: start, stop, restart, kill."""

import asyncio
import json
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from devstack.service_bus.config import DEVELOPMENT_KEY, connection_string
from devstack.service_bus.frames import Performative
from tests.integration.service_bus.raw_client import PREAMBLE, raw_client
from tests.integration.service_bus.sdk import WAIT_S, receive_one, text

ACKNOWLEDGED_BEFORE_THE_KILL = 100
SENDER = Path(__file__).with_name("send_until_broken.py")
MODULE = (sys.executable, "-m", "devstack.service_bus")


@pytest.fixture
def queues_file(tmp_path: Path) -> Path:
    path = tmp_path / "queues.json"
    path.write_text(json.dumps({"queues": {"jobs": {"lock_s": 30, "max_delivery_count": 5}}}))
    return path


@pytest.fixture
def wrong_queues_file(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.json"
    path.write_text('{"queues": {"jobs": {"lock_s": -1}}}')
    return path


@asynccontextmanager
async def emulator_process(
    queues_file: Path, port: int = 0, command: tuple[str, ...] = MODULE
) -> AsyncGenerator[tuple[Process, int], None]:
    """A process that listens, and its port."""
    database = queues_file.with_name("queues.db")
    process = await asyncio.create_subprocess_exec(
        *command, "--port", str(port), "--queues", queues_file, "--database", database, stdout=PIPE
    )
    try:
        assert process.stdout is not None
        ready = (await process.stdout.readline()).decode()
        assert ready.startswith("ready 127.0.0.1:")
        yield process, int(ready.rpartition(":")[2])
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def run_to_end(*arguments: str | Path) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(*MODULE, *arguments, stdout=PIPE, stderr=PIPE)
    async with asyncio.timeout(WAIT_S * 2):
        stdout, stderr = await process.communicate()
    return process.returncode, (stdout + stderr).decode()


def client_of(port: int) -> ServiceBusClient:
    address = connection_string(port, DEVELOPMENT_KEY)
    return ServiceBusClient.from_connection_string(address, retry_total=0)


async def test_a_restart_keeps_messages(queues_file: Path) -> None:
    async with (
        emulator_process(queues_file) as (_, port),
        client_of(port) as client,
        client.get_queue_sender("jobs") as sender,
    ):
        await sender.send_messages(ServiceBusMessage("kept"))
    async with (
        emulator_process(queues_file) as (_, port),
        client_of(port) as client,
        client.get_queue_receiver("jobs") as receiver,
    ):
        message = await receive_one(receiver)
    assert text(message) == "kept"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_it_cleanly(queues_file: Path, number: signal.Signals) -> None:
    async with emulator_process(queues_file) as (process, port), raw_client(port) as client:
        await client.answers(PREAMBLE, until=Performative.BEGIN)
        process.send_signal(number)
        async with asyncio.timeout(WAIT_S):
            assert await process.wait() == 0


async def start_sending(port: int) -> Process:
    """A process that prints each number that was acknowledged, until its connection breaks."""
    address = connection_string(port, DEVELOPMENT_KEY)
    return await asyncio.create_subprocess_exec(sys.executable, SENDER, address, stdout=PIPE)


async def lines_of(sending: Process) -> set[str]:
    stdout, _ = await sending.communicate()
    return set(stdout.decode().split())


async def kept_messages(queues_file: Path, port: int) -> set[str]:
    """What the queue holds after another start on the same port and file."""
    kept: set[str] = set()
    async with (
        emulator_process(queues_file, port) as _,
        client_of(port) as client,
        client.get_queue_receiver("jobs") as receiver,
    ):
        while messages := await receiver.receive_messages(500, max_wait_time=1):
            kept |= {text(message) for message in messages}
    return kept


async def test_a_kill_loses_no_acknowledged_message(queues_file: Path) -> None:
    async with emulator_process(queues_file) as (process, port):
        sending = await start_sending(port)
        assert sending.stdout is not None
        before = [await sending.stdout.readline() for _ in range(ACKNOWLEDGED_BEFORE_THE_KILL)]
        process.kill()
        acknowledged = {line.decode().strip() for line in before} | await lines_of(sending)
    kept = await kept_messages(queues_file, port)
    assert acknowledged <= kept
    assert len(kept) - len(acknowledged) <= 1  # the one whose acknowledgement the kill cut off


async def test_a_database_that_cannot_grow_stops_it_before_it_acknowledges(
    queues_file: Path,
) -> None:
    limited = ("sh", "-c", 'ulimit -f 400 && exec "$@"', "sh")
    async with emulator_process(queues_file, command=(*limited, *MODULE)) as (process, port):
        acknowledged = await lines_of(await start_sending(port))
        async with asyncio.timeout(WAIT_S):
            assert await process.wait() == 1
    assert acknowledged
    assert await kept_messages(queues_file, port) == acknowledged


async def test_a_port_that_is_taken_is_named(queues_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, output = await run_to_end("--port", str(port), "--queues", queues_file)
    assert (code, output) == (2, f"Port {port} of 127.0.0.1 is taken.\n")


async def test_a_wrong_queues_file_names_the_key(wrong_queues_file: Path) -> None:
    code, output = await run_to_end("--port", "0", "--queues", wrong_queues_file)
    assert code == 2
    assert output.startswith("Queues file: queues.jobs.lock_s:")
    assert output.count("\n") == 1


async def test_the_options_are_explained() -> None:
    code, output = await run_to_end("--help")
    assert code == 0
    for option in ("--port", "--queues", "--database", "--key-name", "--key"):
        assert option in output
