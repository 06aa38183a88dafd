"""SIGTERM with solves in flight, on a real process."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.builders.inbox import Inbox, listening
from tests.builders.nodes import FakeNode, running_node
from tests.integration.appserver.asking import DEBUG, GRANT_KEY, addressed
from tests.integration.appserver.pools import KEY, until

ROOT = Path(__file__).parents[3]
PREFER = {"prefer": "respond-async"}


@dataclass
class AppServerProcess:
    process: asyncio.subprocess.Process
    client: httpx.AsyncClient

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def exit_code(self) -> int:
        return await asyncio.wait_for(self.process.wait(), 20)


@pytest.fixture
async def node() -> AsyncIterator[FakeNode]:
    async with running_node(FakeNode()) as node:
        yield node


@asynccontextmanager
async def running(port: int, node: FakeNode, **environment: str) -> AsyncIterator[AppServerProcess]:
    settings = {
        "COMPUTE_URL": node.url,
        "COMPUTE_CHILDREN": "4",
        "PROVENANCE_KEY": KEY,
        "APPSERVER_GRANT_KEY": GRANT_KEY,
        "NODE_RETRY_S": "0.05",
    }
    command = ["-m", "uvicorn", "--factory", "appserver.main:create_app", "--port", str(port)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=ROOT,
        env={**os.environ, **settings, **environment},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            while not await _is_ready(client):
                assert process.returncode is None, "the process ended early"
                await asyncio.sleep(0.05)
            yield AppServerProcess(process, client)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


async def test_solves_in_flight_are_finished_and_nothing_new_is_admitted(
    unused_port: int, node: FakeNode
) -> None:
    async with running(unused_port, node) as appserver:
        client = appserver.client
        node.gate.clear()
        asking = [
            asyncio.create_task(client.post(DEBUG, **addressed({"value": value})))
            for value in (1, 2, 3)
        ]
        await until(lambda: node.solving == 3)
        appserver.terminate()
        while (ready := await client.get("/readyz")).status_code == 200:
            pass
        assert (ready.status_code, ready.json()["code"]) == (503, "engine_unreachable")
        assert (await client.get("/livez")).status_code == 200
        refused = await client.post(DEBUG, **addressed({"value": 4}))
        assert (refused.status_code, refused.json()["retryable"]) == (503, True)
        assert int(refused.headers["retry-after"]) >= 1
        assert node.solving == 3
        node.gate.set()
        answers = await asyncio.gather(*asking)
        assert [one.json()["outputs"]["result"] for one in answers] == [11, 12, 13]
        assert await appserver.exit_code() in (0, -signal.SIGTERM)


async def test_it_listens_a_while_for_load_balancers_to_notice(
    unused_port: int, node: FakeNode
) -> None:
    async with running(unused_port, node, DRAIN_NOTICE_S="1") as appserver:
        appserver.terminate()
        while (ready := await appserver.client.get("/readyz")).status_code == 200:
            pass
        assert ready.status_code == 503
        assert await appserver.exit_code() in (0, -signal.SIGTERM)


async def test_a_second_signal_ends_it_at_once(unused_port: int, node: FakeNode) -> None:
    async with running(unused_port, node, DRAIN_NOTICE_S="600") as appserver:
        appserver.terminate()
        while await _is_ready(appserver.client):
            pass
        appserver.terminate()
        assert await appserver.exit_code() in (0, -signal.SIGTERM)


@pytest.mark.parametrize("grace_s", ["0.05", "30"])
async def test_long_solves_are_finished_in_the_grace_or_reported_as_failed(
    unused_port: int, node: FakeNode, grace_s: str
) -> None:
    inbox: Inbox
    async with (
        listening() as inbox,
        running(unused_port, node, CALLBACK_ORIGINS=inbox.url, DRAIN_GRACE_S=grace_s) as appserver,
    ):
        node.gate.clear()
        callback = {"url": f"{inbox.url}/reports", "token": "job-7"}
        asked = addressed({"value": 1}, callback=callback)
        headers = asked["headers"] | PREFER
        assert (
            await appserver.client.post(DEBUG, json=asked["json"], headers=headers)
        ).status_code == 202
        await node.asked.wait()
        appserver.terminate()
        if grace_s == "30":
            while await _is_ready(appserver.client):
                pass
            node.gate.set()
        assert await appserver.exit_code() in (0, -signal.SIGTERM)
        if grace_s == "30":
            assert inbox.last == "succeeded"
            return
        problem = inbox.reports[-1].problem
        assert problem is not None
        assert (problem["code"], problem["retryable"]) == ("engine_unreachable", True)
        await node.left.wait()
