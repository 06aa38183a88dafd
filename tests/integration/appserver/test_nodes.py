"""Dispatch and health of nodes, on sockets."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from appserver.compute.node import NodeAddress
from appserver.compute.node_sources import NodeSourceError
from appserver.domain.errors import (
    DefinitionError,
    EngineBusyError,
    EngineError,
    EngineUnreachableError,
    SolveTimeoutError,
)
from tests.builders.nodes import FakeNode, Fault, running_node
from tests.integration.appserver.pools import debug_contract, node_of, pool_of, solve, until


@pytest.fixture
async def left() -> AsyncIterator[FakeNode]:
    async with running_node(FakeNode()) as node:
        yield node


@pytest.fixture
async def right() -> AsyncIterator[FakeNode]:
    async with running_node(FakeNode()) as node:
        yield node


async def test_work_goes_to_the_node_with_the_fewest_solves_and_never_beyond_its_children(
    left: FakeNode, right: FakeNode
) -> None:
    left.gate.clear()
    right.gate.clear()
    async with pool_of(left, right, COMPUTE_CHILDREN="2", NODE_WAIT_S="5") as solver:
        solving = [asyncio.create_task(solve(solver, value)) for value in range(6)]
        await until(lambda: left.solving + right.solving == 4)
        assert (left.solving, right.solving) == (2, 2)
        assert node_of(solver, left).state == "busy"
        left.gate.set()
        right.gate.set()
        assert await asyncio.gather(*solving) == [value + 10 for value in range(6)]
        assert (left.most, right.most) == (2, 2)
        assert node_of(solver, left).state == "ready"


async def test_a_full_pool_is_busy_after_the_wait(left: FakeNode) -> None:
    left.gate.clear()
    async with pool_of(left, NODE_WAIT_S="0.05") as solver:
        first = asyncio.create_task(solve(solver))
        await left.asked.wait()
        with pytest.raises(EngineBusyError):
            await solve(solver)
        left.gate.set()
        assert await first == 11


@pytest.mark.parametrize("fault", ["empty_500", "html_502", "reset"])
async def test_a_node_that_breaks_gets_no_work_and_another_one_solves(
    left: FakeNode, right: FakeNode, fault: Fault
) -> None:
    async with pool_of(left, right) as solver:
        left.fault, left.canary = fault, "wrong"
        assert await solve(solver) == 11
        assert node_of(solver, left).health == "suspect"
        assert [await solve(solver, value) for value in (1, 2, 3)] == [11, 12, 13]
        assert len(right.solves) == 4
        await until(lambda: node_of(solver, left).health == "dead")
        left.fault, left.canary = None, "right"
        await until(lambda: node_of(solver, left).health == "ready")


async def test_a_solve_is_tried_on_two_nodes_and_no_more(left: FakeNode, right: FakeNode) -> None:
    async with running_node(FakeNode()) as third, pool_of(left, right, third) as solver:
        for node in (left, right, third):
            node.fault = "html_502"
        with pytest.raises(EngineError):
            await solve(solver)
        assert len(left.solves) + len(right.solves) + len(third.solves) == 2


async def test_a_failure_of_the_definition_is_not_tried_again(
    left: FakeNode, right: FakeNode
) -> None:
    left.fault = right.fault = "definition"
    async with pool_of(left, right) as solver:
        with pytest.raises(DefinitionError) as failed:
            await solve(solver)
        assert "Adder" in failed.value.violations[0].message
        assert len(left.solves) + len(right.solves) == 1
        assert node_of(solver, left).state == node_of(solver, right).state == "ready"


async def test_the_second_try_has_what_is_left_of_the_same_deadline(
    left: FakeNode, right: FakeNode
) -> None:
    contract = debug_contract()
    contract = replace(contract, manifest=contract.manifest.model_copy(update={"timeout_sec": 1}))
    left.gate.clear()
    right.gate.clear()
    async with pool_of(left, right, contract=contract) as solver:
        clock = asyncio.get_running_loop().time
        began = clock()
        solving = asyncio.create_task(solve(solver, contract=contract))
        await until(lambda: left.solving + right.solving)
        first = left if left.solving else right
        await asyncio.sleep(0.9)  # most of the deadline is over when the first node breaks
        first.fault = "html_502"
        first.gate.set()
        with pytest.raises(SolveTimeoutError, match=r"No result within 1 s"):
            await solving
        assert clock() - began < 1.7


async def test_a_node_that_is_gone_is_dead_and_comes_back(left: FakeNode) -> None:
    node = FakeNode()
    async with running_node(node):
        pass
    async with pool_of(left, node) as solver:
        assert node_of(solver, node).health == "dead"
        assert await solve(solver) == 11
        async with running_node(node):
            await until(lambda: node_of(solver, node).health == "ready")
    async with running_node(FakeNode()) as only, pool_of(only) as solver:
        port = only.port
        only.canary = "wrong"
        node_of(solver, only).nudged.set()
        await until(lambda: node_of(solver, only).health == "dead")
        with pytest.raises(EngineUnreachableError):
            await solve(solver)
        assert solver.refusals() == [f"127.0.0.1:{port}: The canary's answer is wrong."]


async def test_a_wrong_canary_is_suspect_and_three_are_dead(left: FakeNode) -> None:
    left.canary = "wrong"
    async with pool_of(left, NODE_RETRY_S="3600") as solver:
        node = node_of(solver, left)
        seen = [node.health]
        for asked in (2, 3):
            node.nudged.set()
            await until(lambda asked=asked: left.canaries == asked and not node.in_flight)
            seen.append(node.health)
        assert seen == ["suspect", "suspect", "dead"]


async def test_a_silent_canary_is_suspect_though_the_node_tells_its_version(
    left: FakeNode,
) -> None:
    left.canary = "silent"
    async with pool_of(left, CANARY_TIMEOUT_S="0.05", NODE_RETRY_S="3600") as solver:
        assert node_of(solver, left).health == "suspect"


async def test_canaries_differ_and_leave_a_busy_node_alone(left: FakeNode) -> None:
    left.gate.clear()
    async with pool_of(left) as solver:
        node = node_of(solver, left)
        solving = asyncio.create_task(solve(solver))
        await left.asked.wait()
        node.nudged.set()
        await until(lambda: not node.nudged.is_set())
        left.gate.set()
        await solving
        assert left.canaries == 1
        node.nudged.set()
        await until(lambda: left.canaries == 2)
        assert len(set(left.challenges)) == 2


async def test_a_definition_is_sent_once_and_again_to_an_engine_that_forgot_it(
    left: FakeNode,
) -> None:
    async with pool_of(left) as solver:
        await solve(solver)
        await solve(solver)
        left.known.clear()  # another child, or a new one
        await solve(solver)
        assert ["algo" in body for body in left.solves] == [True, False, True]
        assert all(body["absolutetolerance"] == 0.001 for body in left.solves)


async def test_nodes_are_found_and_left_by_name(left: FakeNode) -> None:
    environment: dict[str, Any] = {
        "COMPUTE_URLS": "",
        "COMPUTE_DNS": "localhost",
        "COMPUTE_PORTS": str(left.port),
    }
    async with pool_of(left, NODE_WAIT_S="1", **environment) as solver:
        ports = {url.rpartition(":")[2] for url in solver.pool.nodes}
        assert ports == {str(left.port)}
        assert await solve(solver) == 11


class Listing:
    """A source that lists what a test says, or nothing it can."""

    def __init__(self, *nodes: FakeNode) -> None:
        self.nodes: list[FakeNode] | None = [*nodes]

    async def addresses(self) -> list[NodeAddress]:
        if self.nodes is None:
            raise NodeSourceError("away")
        return [NodeAddress(node.url) for node in self.nodes]

    async def close(self) -> None:
        """Nothing is open."""


async def test_nodes_come_and_go_and_a_search_that_fails_changes_nothing(
    left: FakeNode, right: FakeNode
) -> None:
    listing = Listing(left)
    async with pool_of(left, NODE_SEARCH_S="0.02") as solver:
        solver.watch.source = listing
        listing.nodes = [left, right]
        await until(lambda: solver.nodes().get(right.name) == "ready")
        right.gate.clear()
        left.canary = "wrong"
        node_of(solver, left).nudged.set()
        await until(lambda: solver.nodes()[left.name] != "ready")
        solving = asyncio.create_task(solve(solver))
        await right.asked.wait()
        listing.nodes = [left]  # while it solves: the solve goes on
        await until(lambda: right.name not in solver.nodes())
        right.gate.set()
        assert await solving == 11
        listing.nodes = None
        left.canary = "right"
        await until(lambda: solver.nodes()[left.name] == "ready")
        assert await solve(solver) == 11
