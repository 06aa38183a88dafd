"""A pool of nodes as the AppServer builds it, watched by real loops, and waits on conditions."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from uuid import uuid4

from appserver.compute.build_solver import build_pool_solver
from appserver.compute.node import Node
from appserver.compute.pool_solver import PoolSolver
from appserver.config import Settings
from appserver.domain.trace import Trace
from contracts.model import Contract, ContractRef
from contracts.registry import Registry
from tests.builders.nodes import AGENT_KEY, FakeAgent, FakeNode

DEBUG = ContractRef("sitefit", "1.1.0")
KEY = f"ed25519:{'A' * 43}="
# Only what a solve or a test nudges is looked at again, unless a test says otherwise.
CALM = {"NODE_CHECK_S": "3600", "NODE_RETRY_S": "0.02", "NODE_SEARCH_S": "3600"}


@cache
def debug_contract() -> Contract:
    return Registry.load().contracts[DEBUG].contract


@asynccontextmanager
async def pool_of(
    *nodes: FakeNode,
    agent: FakeAgent | None = None,
    contract: Contract | None = None,
    now_s: Callable[[], float] = time.time,
    **environment: str,
) -> AsyncIterator[PoolSolver]:
    given = {
        "ALLOW_BARE_INPUTS": "true",
        "PROVENANCE_KEY": KEY,
        "COMPUTE_URLS": ",".join(node.url for node in nodes),
        "COMPUTE_CHILDREN": "1",
        "NODE_AGENT_KEY": AGENT_KEY,
        **CALM,
        **environment,
    }
    if agent is not None:
        given["NODE_AGENT_PORT"] = str(agent.port)
    contracts = [contract or debug_contract()]
    solver = build_pool_solver(Settings.read(given), contracts, now_s, lambda: uuid4().hex)
    await solver.start()
    try:
        yield solver
    finally:
        await solver.close()


async def solve(solver: PoolSolver, value: float = 1, contract: Contract | None = None) -> object:
    trace = Trace("test")
    solution = await solver.solve(contract or debug_contract(), {"value": value}, trace)
    assert solution.origin is not None
    return solution.outputs["result"]


def node_of(solver: PoolSolver, fake: FakeNode) -> Node:
    return solver.pool.nodes[fake.url]


async def until(condition: Callable[[], object]) -> None:
    """Return when the condition holds; the test's own timeout ends the wait."""
    while not condition():
        await asyncio.sleep(0.005)
