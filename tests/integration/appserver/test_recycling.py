"""Leases, cancelling and recycling through the node agent (docs/node-agent.md)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from appserver.domain.errors import EngineBusyError, EngineUnreachableError, SolveTimeoutError
from tests.builders.nodes import FakeAgent, FakeNode, running_agent, running_node
from tests.integration.appserver.pools import debug_contract, node_of, pool_of, solve, until


@pytest.fixture
async def node() -> AsyncIterator[FakeNode]:
    async with running_node(FakeNode()) as node:
        yield node


@pytest.fixture
async def agent(node: FakeNode) -> AsyncIterator[FakeAgent]:
    async with running_agent(node) as agent:
        yield agent


async def test_a_solve_holds_a_lease_while_it_runs(node: FakeNode, agent: FakeAgent) -> None:
    compute = agent.computes[node.port]
    node.gate.clear()
    async with pool_of(node, agent=agent) as solver:
        solving = asyncio.create_task(solve(solver))
        await node.asked.wait()
        assert len(compute.leases) == 1
        node.gate.set()
        await solving
        await until(lambda: not compute.leases)
        assert compute.cancelled == []


async def test_a_solve_that_nobody_wants_is_ended_at_the_node(
    node: FakeNode, agent: FakeAgent
) -> None:
    compute = agent.computes[node.port]
    node.gate.clear()
    async with pool_of(node, agent=agent) as solver:
        solving = asyncio.create_task(solve(solver))
        await node.asked.wait()
        [lease] = compute.leases
        solving.cancel()
        with suppress(asyncio.CancelledError):
            await solving
        await node.left.wait()
        await until(lambda: compute.cancelled == [lease])
        await until(lambda: node_of(solver, node).state == "ready")
        node.gate.set()
        assert await solve(solver) == 11


async def test_a_solve_at_its_deadline_is_ended_at_the_node(
    node: FakeNode, agent: FakeAgent
) -> None:
    contract = debug_contract()
    manifest = contract.manifest.model_copy(update={"timeout_sec": 0.2})
    contract = replace(contract, manifest=manifest)
    node.gate.clear()
    async with pool_of(node, agent=agent, contract=contract) as solver:
        with pytest.raises(SolveTimeoutError):
            await solve(solver, contract=contract)
        await until(lambda: len(agent.computes[node.port].cancelled) == 1)


async def test_without_an_agent_the_place_of_a_cancelled_solve_stays_taken_for_its_time(
    node: FakeNode,
) -> None:
    contract = debug_contract()
    manifest = contract.manifest.model_copy(update={"timeout_sec": 0.3})
    contract = replace(contract, manifest=manifest)
    node.gate.clear()
    async with pool_of(node, contract=contract, COMPUTE_CHILDREN="2") as solver:
        known = node_of(solver, node)
        solving = asyncio.create_task(solve(solver, contract=contract))
        await node.asked.wait()
        solving.cancel()
        await asyncio.wait([solving])
        await until(lambda: known.health == "ready")  # by the canary on its other child
        assert known.in_flight == 1
        await until(lambda: known.in_flight == 0)


async def test_a_broken_agent_stops_no_solve(node: FakeNode, agent: FakeAgent) -> None:
    agent.is_broken = True
    async with pool_of(node, agent=agent) as solver:
        assert await solve(solver) == 11
        assert node_of(solver, node).health == "ready"


async def test_an_engine_that_gives_no_lease_is_busy(node: FakeNode, agent: FakeAgent) -> None:
    async with pool_of(node, agent=agent) as solver:
        agent.computes[node.port].state = "draining"
        with pytest.raises(EngineBusyError):
            await solve(solver)
        assert node.solves == []


@pytest.mark.parametrize(
    ("reason", "settings", "worn"),
    [
        ("solves", {"RECYCLE_SOLVES": "2"}, {}),
        ("age", {"RECYCLE_AGE_S": "100"}, {"started_at": 800.0}),
        ("memory", {"RECYCLE_MEMORY_MB": "64"}, {"memory_bytes": 64 << 20}),
        ("orphans", {}, {"children": 2}),
    ],
)
async def test_a_worn_engine_is_drained_and_started_anew(
    node: FakeNode, agent: FakeAgent, reason: str, settings: dict[str, Any], worn: dict[str, Any]
) -> None:
    compute = agent.computes[node.port]
    compute.started_at = 950
    async with pool_of(
        node, agent=agent, now_s=lambda: 1000, NODE_WAIT_S="0", **settings
    ) as solver:
        known = node_of(solver, node)
        await solve(solver)
        await solve(solver)
        assert compute.recycled == []
        for name, value in worn.items():
            setattr(compute, name, value)
        known.nudged.set()
        await until(lambda: known.state == "draining")
        assert (known.reason, compute.recycled) == (reason, [reason])
        with pytest.raises(EngineUnreachableError):
            await solve(solver)
        compute.restart(990)
        await until(lambda: known.state == "ready")
        assert node.descriptions == 2  # attested anew
        assert await solve(solver) == 11
        assert "algo" in node.solves[-1]
        assert compute.recycled == [reason]


async def test_a_node_drains_while_it_still_solves(node: FakeNode, agent: FakeAgent) -> None:
    compute = agent.computes[node.port]
    node.gate.clear()
    async with pool_of(node, agent=agent, RECYCLE_SOLVES="1", COMPUTE_CHILDREN="2") as solver:
        known = node_of(solver, node)
        solving = asyncio.create_task(solve(solver))
        await node.asked.wait()
        known.nudged.set()
        await until(lambda: known.state == "draining")
        assert compute.state == "draining"
        node.gate.set()
        assert await solving == 11
        await until(lambda: compute.state == "restarting")
        compute.restart()
        await until(lambda: known.state == "ready")


async def test_nodes_are_recycled_one_after_the_other(node: FakeNode) -> None:
    async with running_node(FakeNode()) as other, running_agent(node, other) as agent:
        first, second = (agent.computes[one.port] for one in (node, other))
        async with pool_of(node, other, agent=agent, RECYCLE_MEMORY_MB="1") as solver:
            first.memory_bytes = second.memory_bytes = 1 << 20
            node_of(solver, node).nudged.set()
            await until(lambda: node_of(solver, node).state == "draining")
            node_of(solver, other).nudged.set()
            await until(lambda: not node_of(solver, other).nudged.is_set())
            assert await solve(solver) == 11
            assert second.recycled == []
            first.restart()
            await until(lambda: node_of(solver, node).state == "ready")
            node_of(solver, other).nudged.set()
            await until(lambda: second.recycled == ["memory"])
            second.restart()


async def test_a_dead_engine_is_started_anew(node: FakeNode, agent: FakeAgent) -> None:
    compute = agent.computes[node.port]
    async with pool_of(node, agent=agent, NODE_REVIVE_AFTER_S="0.05", NODE_CHECK_S="0.1") as solver:
        node.canary = "wrong"
        await until(lambda: compute.recycled == ["dead"])
        node.canary = "right"
        compute.restart()
        await until(lambda: node_of(solver, node).state == "ready")


async def test_an_engine_that_somebody_else_restarted_is_attested_anew(
    node: FakeNode, agent: FakeAgent
) -> None:
    async with pool_of(node, agent=agent, NODE_CHECK_S="0.02") as solver:
        assert node.descriptions == 1
        node.inputs = {"value": "Number", "extra": "Number"}
        agent.computes[node.port].restart()
        await until(lambda: node_of(solver, node).lacks.get(debug_contract().ref))
