"""Watches the nodes: finds them, proves each with a canary, attests, recycles what is worn."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog

from appserver.compute.node import Node, NodeAddress, failure_reason
from appserver.compute.node_care import NodeCare
from appserver.compute.node_pool import NodePool
from appserver.compute.node_sources import NodeSource, NodeSourceError

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class WatchTimes:
    """Seconds between two looks at a node, at one that does not work, two searches for nodes.

    `first_look_s`: how long the start may wait for the first look.
    """

    check_s: float
    retry_s: float
    search_s: float
    first_look_s: float


@dataclass(slots=True)
class NodeWatch:
    """One loop for each node, and one that finds nodes. All end with `close`."""

    pool: NodePool
    source: NodeSource
    make_node: Callable[[NodeAddress], Node]
    care: NodeCare
    times: WatchTimes
    _loops: dict[str, asyncio.Task[None]] = field(default_factory=dict[str, asyncio.Task[None]])
    _left: list[Node] = field(default_factory=list[Node])
    _spawned: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def start(self) -> None:
        """Find the nodes and look at each once; a node that is slow is looked at later."""
        await self._search()
        first = [asyncio.ensure_future(self._look(node)) for node in self.pool.nodes.values()]
        if first:
            _, late = await asyncio.wait(first, timeout=self.times.first_look_s)
            for look in late:
                look.cancel()
            await asyncio.gather(*first, return_exceptions=True)
        for node in self.pool.nodes.values():
            self._begin(node)
        self.spawn(self._search_on())

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something to its end beside everything else."""
        task = asyncio.ensure_future(work)
        self._spawned.add(task)
        task.add_done_callback(self._spawned.discard)

    async def close(self) -> None:
        """End every loop, then the nodes' connections."""
        tasks = [*self._loops.values(), *self._spawned]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for node in (*self.pool.nodes.values(), *self._left):
            await _close(node)
        await self.source.close()

    async def _search_on(self) -> None:
        while True:
            await asyncio.sleep(self.times.search_s)
            await self._search()
            for node in self.pool.nodes.values():
                self._begin(node)

    async def _search(self) -> None:
        try:
            found = {address.url: address for address in await self.source.addresses()}
        except NodeSourceError as error:  # those that are known go on
            _log.warning("node_search_failed", reason=str(error))
            return
        for url, address in found.items():
            if url not in self.pool.nodes:
                self.pool.nodes[url] = self.make_node(address)
                _log.info("node_found", node=address.name)
        for url in [url for url in self.pool.nodes if url not in found]:
            await self._leave(self.pool.nodes.pop(url))
        for node in [node for node in self._left if not node.in_flight]:
            self._left.remove(node)
            await _close(node)

    async def _leave(self, node: Node) -> None:
        """A node that is gone gets no work; what it still solves goes on to its end.

        Its connections are closed by a later search.
        """
        _log.info("node_left", node=node.name)
        if loop := self._loops.pop(node.address.url, None):
            loop.cancel()
            await asyncio.gather(loop, return_exceptions=True)
        self._left.append(node)

    def _begin(self, node: Node) -> None:
        if node.address.url not in self._loops:
            self._loops[node.address.url] = asyncio.ensure_future(self._watch(node))

    async def _watch(self, node: Node) -> None:
        """Look at a node again and again, at once when a solve has cast doubt on it."""
        waits_s = self.times.retry_s
        while True:
            is_well = node.health == "ready"
            waits_s = self.times.check_s if is_well else min(2 * waits_s, self.times.check_s)
            with suppress(TimeoutError):
                async with asyncio.timeout(waits_s if is_well else waits_s / 2):
                    await node.nudged.wait()
                    waits_s = self.times.retry_s
            await self._look(node)

    async def _look(self, node: Node) -> None:
        node.nudged.clear()
        try:
            await self.care.look(node)
        except Exception as error:  # noqa: BLE001 - one node's surprise must not end its watch
            self.pool.judge(node, "suspect", failure_reason(error))
            _log.exception("node_look_failed", node=node.name)


async def _close(node: Node) -> None:
    await node.compute.http.close()
    if node.agent is not None:
        await node.agent.http.close()
