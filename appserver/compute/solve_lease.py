"""One solve's hold on a child of a node, given up in good order whatever ends the solve.

Rhino.Compute has no cancel: a closed connection leaves its child solving, and locked. With an agent
the child is ended; without one its place stays taken until it has had time to end, or a canary has
proved that it has.

Source: ADR 17; Rhino.Compute, `ReverseProxyModule.SendProxyRequest`.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import structlog

from appserver.compute.node import Node
from appserver.compute.node_agent import NodeAgentError
from appserver.compute.node_pool import NodePool
from appserver.domain.errors import SolveTimeoutError

Spawn = Callable[[Coroutine[Any, Any, None]], None]
_SPARE_S = 10.0
_log: structlog.stdlib.BoundLogger = structlog.get_logger()


@dataclass(slots=True)
class SolveLease:
    """`spawn` runs what has to be done after the solve's own task has ended."""

    pool: NodePool
    node: Node
    lease: str
    timeout_s: float
    spawn: Spawn
    _is_announced: bool = field(default=False, init=False)

    async def __aenter__(self) -> Self:
        """Announce the solve to the agent; without an answer from it the solve goes on.

        Raises:
            LeaseRefusedError: the agent gives none.
        """
        if self.node.agent is not None:
            try:
                await self.node.agent.lease(self.lease, self.timeout_s + _SPARE_S)
                self._is_announced = True
            except NodeAgentError as error:
                _log.warning("node_agent_failed", node=self.node.name, reason=str(error))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Release the lease, or cancel the solve that nobody waits for any more."""
        if isinstance(error, (asyncio.CancelledError, SolveTimeoutError)):
            # The place counts as taken until the child is free.
            self.node.in_flight += 1
            self.pool.doubt(self.node, "suspect", "a solve was given up")
            self.spawn(self._cancel())
        elif self._is_announced:
            self.spawn(self._release())

    async def _release(self) -> None:
        if self.node.agent is None:
            return
        try:
            await self.node.agent.release(self.lease)
        except NodeAgentError as error:  # the lease ends by itself
            _log.warning("node_agent_failed", node=self.node.name, reason=str(error))

    async def _cancel(self) -> None:
        try:
            if not await self._is_cancelled():
                await asyncio.sleep(self._wait_s())
        finally:
            self.pool.give_back(self.node)
            self.node.nudged.set()

    async def _is_cancelled(self) -> bool:
        if self.node.agent is None or not self._is_announced:
            return False
        try:
            await self.node.agent.cancel(self.lease)
        except NodeAgentError as error:
            _log.warning("node_agent_failed", node=self.node.name, reason=str(error))
            return False
        _log.info("solve_cancelled", node=self.node.name, lease=self.lease)
        return True

    def _wait_s(self) -> float:
        """With one child the canary waits behind the solve, and knows when it ended."""
        return 0 if self.node.children == 1 else self.timeout_s
