"""One Rhino.Compute of the pool, as this process knows it."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from appserver.compute.engine_answer import EngineAnswer
from appserver.compute.node_agent import NodeAgent
from appserver.compute.rhino_compute import RhinoCompute
from appserver.compute.solve_request import SolveBody
from appserver.domain.errors import UnexplainedFailureError
from appserver.domain.readiness import NodeFinding, NodeState
from appserver.domain.trace import Trace
from contracts.model import ContractRef

Health = Literal["ready", "suspect", "dead", "draining"]


@dataclass(frozen=True, slots=True)
class NodeAddress:
    """Where a node answers; `agent_url` is None where nothing runs beside the engine."""

    url: str
    agent_url: str | None = None

    @property
    def name(self) -> str:
        """Host and port: what logs, provenance and the registry call the node."""
        return self.url.partition("://")[2].rstrip("/")


@dataclass(slots=True)
class Node:
    """`health` is what the last canary or solve said; `reason` says why it is not ready.

    `in_flight` counts solves, canaries and solves that were given up but may still hold a child.
    `lacks` holds what each contract misses here; a contract that is not in it was not asked yet.
    `described` keeps the part of it that `/io` told, which a running engine does not change.
    """

    address: NodeAddress
    compute: RhinoCompute
    agent: NodeAgent | None
    children: int
    health: Health = "suspect"
    reason: str = "has not been asked yet"
    in_flight: int = 0
    solves: int = 0
    wrong_canaries: int = 0
    dead_since: float | None = None
    attested_at: float | None = None
    started_at: float = 0.0
    versions: dict[str, str] = field(default_factory=dict[str, str])
    lacks: dict[ContractRef, tuple[str, ...]] = field(
        default_factory=dict[ContractRef, tuple[str, ...]]
    )
    described: dict[ContractRef, tuple[str, ...]] = field(
        default_factory=dict[ContractRef, tuple[str, ...]]
    )
    nudged: asyncio.Event = field(default_factory=asyncio.Event)
    _known: set[str] = field(default_factory=set[str])

    @property
    def name(self) -> str:
        """Host and port."""
        return self.address.name

    @property
    def state(self) -> NodeState:
        """The health, or `busy` when every child of a ready node is solving."""
        return "busy" if self.health == "ready" and self.is_full else self.health

    @property
    def is_full(self) -> bool:
        """Whether another solve would wait for a child."""
        return self.in_flight >= self.children

    def finding(self, ref: ContractRef) -> NodeFinding:
        """The node's row of a contract."""
        return NodeFinding(self.name, self.state, self.lacks.get(ref))

    def forget(self) -> None:
        """The engine was started anew: it has read no definition and may have other plugins."""
        self._known.clear()
        self.lacks.clear()
        self.described.clear()
        self.attested_at = None
        self.solves = 0

    async def run(self, body: SolveBody, timeout_s: float, trace: Trace) -> EngineAnswer:
        """Solve by the definition's key where the engine has read it, else with its content.

        Which child answers is not ours to say, and each knows its own definitions only: a key that
        is refused without a word is followed by the content.

        Raises:
            EngineError: and the rest of `RhinoCompute.solve`.
        """
        key = body.definition.key
        clock = asyncio.get_running_loop()
        ends_at = clock.time() + timeout_s
        if key in self._known:
            try:
                return await self.compute.solve(body.by_key(), timeout_s, trace)
            except UnexplainedFailureError:
                self._known.discard(key)
        left_s = max(ends_at - clock.time(), 0)
        answer = await self.compute.solve(body.with_content(), left_s, trace)
        self._known.add(key)
        return answer


def failure_reason(error: Exception) -> str:
    """A failed call in a few words, for logs and the registry."""
    return getattr(error, "message", "") or type(error).__name__
