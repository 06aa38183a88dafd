"""One look at a node: canary, attestation, wear."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from appserver.compute.attestation import Attestation
from appserver.compute.canary import canary_body, is_right
from appserver.compute.node import Node, failure_reason
from appserver.compute.node_agent import ComputeStatus, NodeAgentError
from appserver.compute.node_pool import NodePool
from appserver.domain.errors import AppServerError, EngineUnreachableError
from appserver.domain.trace import Trace

_WRONG_UNTIL_DEAD = 3
_log: structlog.stdlib.BoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CareLimits:
    """When a node is asked and when it is worn; 0 solves, seconds or bytes: never by that.

    `revive_after_s`: how long a node is dead before its agent is told to start it anew, longer than
    an engine may take to start.
    """

    canary_s: float
    attest_s: float
    revive_after_s: float
    solves: int = 0
    age_s: float = 0
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class NodeCare:
    """`now` is the wall clock in seconds since 1970, as agents tell the start of engines."""

    pool: NodePool
    attestation: Attestation
    limits: CareLimits
    now: Callable[[], float]

    async def look(self, node: Node) -> None:
        """Find out how the node does and act on it; leave it alone while all children solve."""
        if node.health == "draining" and not await self._has_restarted(node):
            return
        if node.state == "busy":
            return
        try:
            await self._prove(node)
        except AppServerError as error:
            self._record_failure(node, error)
            await self._revive(node)
            return
        node.wrong_canaries, node.dead_since = 0, None
        self.pool.judge(node, "ready")
        await self._recycle_worn(node)

    async def _prove(self, node: Node) -> None:
        clock = asyncio.get_running_loop().time
        challenge = int(self.now() * 1000)
        node.in_flight += 1
        try:
            trace = Trace(f"canary-{challenge}")
            answer = await node.run(canary_body(challenge), self.limits.canary_s, trace)
        finally:
            self.pool.give_back(node)
        if not is_right(answer, challenge):
            raise AppServerError("The canary's answer is wrong.")
        is_due = node.attested_at is None or clock() - node.attested_at >= self.limits.attest_s
        if is_due:
            await self.attestation.attest(node)
            node.attested_at = clock()

    def _record_failure(self, node: Node, error: AppServerError) -> None:
        node.wrong_canaries += 1
        _log.warning("canary_failed", node=node.name, reason=failure_reason(error))
        is_gone = isinstance(error, EngineUnreachableError)
        is_dead = is_gone or node.wrong_canaries >= _WRONG_UNTIL_DEAD
        if is_dead and node.dead_since is None:
            node.dead_since = asyncio.get_running_loop().time()
        self.pool.judge(node, "dead" if is_dead else "suspect", failure_reason(error))

    async def _revive(self, node: Node) -> None:
        if node.dead_since is None or node.agent is None:
            return
        if asyncio.get_running_loop().time() - node.dead_since >= self.limits.revive_after_s:
            await self._recycle(node, "dead")

    async def _recycle_worn(self, node: Node) -> None:
        """Start a worn engine anew, one node at a time."""
        status = await self._status(node)
        if status is None or any(n.health == "draining" for n in self.pool.nodes.values()):
            return
        if status.started_at != node.started_at:
            if node.started_at:  # somebody else started it anew
                node.forget()
                node.nudged.set()
            node.started_at = status.started_at
        reason = self._wear(node, status)
        if reason is not None:
            await self._recycle(node, reason)

    def _wear(self, node: Node, status: ComputeStatus) -> str | None:
        limits = self.limits
        if limits.solves and node.solves >= limits.solves:
            return "solves"
        if limits.age_s and self.now() - status.started_at >= limits.age_s:
            return "age"
        if limits.memory_bytes and status.memory_bytes >= limits.memory_bytes:
            return "memory"
        # The engine's queue of children is replaced when its head has died: the others live on.
        return "orphans" if status.children > node.children else None

    async def _recycle(self, node: Node, reason: str) -> None:
        if node.agent is None:
            return
        status = await self._status(node)
        try:
            await node.agent.recycle(reason)
        except NodeAgentError as error:
            _log.warning("node_agent_failed", node=node.name, reason=str(error))
            return
        node.started_at = status.started_at if status else 0.0
        node.wrong_canaries, node.dead_since = 0, None
        _log.info("node_recycled", node=node.name, reason=reason, solves=node.solves)
        self.pool.judge(node, "draining", reason)

    async def _has_restarted(self, node: Node) -> bool:
        if node.agent is None:
            return True
        status = await self._status(node)
        if status is None:
            self.pool.judge(node, "suspect", "its agent does not answer")
            return False
        if status.state != "serving":
            return False
        node.forget()
        node.started_at = status.started_at
        return True

    async def _status(self, node: Node) -> ComputeStatus | None:
        if node.agent is None:
            return None
        try:
            return await node.agent.status()
        except NodeAgentError as error:
            _log.warning("node_agent_failed", node=node.name, reason=str(error))
            return None
