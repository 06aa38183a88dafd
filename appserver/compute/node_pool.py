"""Which node solves: the one with the fewest solves, of those that work and have the plugins."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from appserver.compute.node import Health, Node
from appserver.domain.errors import EngineBusyError, EngineUnreachableError, PluginMismatchError
from appserver.domain.readiness import Readiness
from contracts.errors import Violation
from contracts.model import Contract, ContractRef

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


@dataclass(slots=True)
class NodePool:
    """Every node; `wait_s` is how long a solve may wait for a child to become free."""

    wait_s: float
    nodes: dict[str, Node] = field(default_factory=dict[str, Node])
    _waiting: deque[asyncio.Future[None]] = field(default_factory=deque[asyncio.Future[None]])

    def readiness(self, contract: Contract) -> Readiness:
        """The contract over every node."""
        return Readiness(tuple(node.finding(contract.ref) for node in self.nodes.values()))

    def require_ready(self, contract: Contract) -> None:
        """Return when some node that works, or is about to, attests the contract.

        Raises:
            PluginMismatchError: no node does; names what is missing.
            EngineUnreachableError: no node works.
        """
        ref = contract.ref
        if any(n.lacks.get(ref) == () and n.health != "dead" for n in self.nodes.values()):
            return
        readiness = self.readiness(contract)
        if readiness.missing:
            raise PluginMismatchError(
                f"No node is able to solve {ref}.",
                [Violation("", "plugin_mismatch", text) for text in readiness.missing],
            )
        raise EngineUnreachableError("No node of the solve engine works.")

    @asynccontextmanager
    async def lend(self, contract: Contract, tried: Iterable[Node]) -> AsyncGenerator[Node]:
        """A node with one of its children; the child is given back at the end.

        Raises:
            PluginMismatchError: as `require_ready`.
            EngineUnreachableError: no node works.
            EngineBusyError: no child became free in time.
        """
        node = self.take(contract.ref, tried) or await self._wait(contract, tried)
        try:
            yield node
        finally:
            self.give_back(node)

    def take(self, ref: ContractRef, tried: Iterable[Node] = ()) -> Node | None:
        """Take a child of the node with the fewest solves, if any is free."""
        best: Node | None = None
        for node in self.nodes.values():
            if node.health != "ready" or node.is_full or node.lacks.get(ref) != ():
                continue
            if node in tried:
                continue
            if best is None or (node.in_flight, node.solves) < (best.in_flight, best.solves):
                best = node
        if best is not None:
            best.in_flight += 1
        return best

    def has_other(self, ref: ContractRef, tried: Iterable[Node]) -> bool:
        """Whether a node that was not tried works and attests the contract."""
        return any(
            node.health == "ready" and node.lacks.get(ref) == () and node not in tried
            for node in self.nodes.values()
        )

    def give_back(self, node: Node) -> None:
        """A child is free again."""
        node.in_flight -= 1
        self._wake()

    def doubt(self, node: Node, health: Health, reason: str) -> None:
        """A solve went wrong: no more work until a canary, which follows at once."""
        if node.health in ("ready", "suspect"):
            self.judge(node, health, reason)
        node.nudged.set()

    def judge(self, node: Node, health: Health, reason: str = "") -> None:
        """Record how a node does; a change is logged."""
        was, node.health, node.reason = node.health, health, reason
        if was != health:
            level = _log.info if health == "ready" else _log.warning
            level("node_state_changed", node=node.name, was=was, state=health, reason=reason)
        if health == "ready":
            self._wake()

    async def _wait(self, contract: Contract, tried: Iterable[Node]) -> Node:
        self.require_ready(contract)
        try:
            async with asyncio.timeout(self.wait_s):
                while True:
                    turn = asyncio.get_running_loop().create_future()
                    self._waiting.append(turn)
                    await turn
                    if node := self.take(contract.ref, tried):
                        return node
        except TimeoutError:
            self.require_ready(contract)
            if not self.has_other(contract.ref, tried):
                raise EngineUnreachableError("No node of the solve engine works.") from None
            raise EngineBusyError("Every child of the solve engine is solving.") from None

    def _wake(self) -> None:
        """Let those who wait look again, in their order."""
        waiting, self._waiting = self._waiting, deque()
        for turn in waiting:
            if not turn.done():
                turn.set_result(None)
