"""Solve on the pool: bind, call a node, read back; another node when the first one broke."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from appserver.compute.definition_texts import DefinitionTexts
from appserver.compute.engine_answer import EngineAnswer
from appserver.compute.node import Node
from appserver.compute.node_agent import LeaseRefusedError
from appserver.compute.node_pool import NodePool
from appserver.compute.node_watch import NodeWatch
from appserver.compute.solve_lease import SolveLease
from appserver.compute.solve_request import SolveBody, solve_body
from appserver.domain.bind_inputs import bind_inputs
from appserver.domain.errors import (
    EngineBusyError,
    EngineError,
    EngineUnreachableError,
    SolveTimeoutError,
)
from appserver.domain.geometry import GeometryCodec
from appserver.domain.read_outputs import read_outputs
from appserver.domain.readiness import NodeState, Readiness
from appserver.domain.solution import Origin, Solution
from appserver.domain.trace import Trace
from appserver.telemetry import calling
from contracts.model import Contract, Engine, JsonObject

_TRIES = 2
_log: structlog.stdlib.BoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PoolSolver:
    """Runs the contract's own definition file on a node of the pool."""

    pool: NodePool
    watch: NodeWatch
    definitions: DefinitionTexts
    codec: GeometryCodec
    make_id: Callable[[], str]

    def engine(self, contract: Contract) -> Engine:
        """The engine that the contract was released for."""
        return contract.plugins.engine

    def readiness(self, contract: Contract) -> Readiness:
        """What the watch has found out about the contract."""
        return self.pool.readiness(contract)

    async def solve(self, contract: Contract, inputs: JsonObject, trace: Trace) -> Solution:
        """Raises what `Solver.solve` says."""
        ends_at = asyncio.get_running_loop().time() + contract.manifest.timeout_sec
        trees = bind_inputs(contract.bindings, inputs, self.codec)
        definition = self.definitions.find(contract.definition_file)
        body = solve_body(definition, contract.manifest, trees)
        node, answer = await self._try_nodes(contract, body, ends_at, trace)
        origin = Origin(node.name, dict(node.versions))
        return read_outputs(contract.bindings, answer.trees, answer.warnings, origin)

    def nodes(self) -> dict[str, NodeState]:
        """The state of each node, by its name."""
        return {node.name: node.state for node in self.pool.nodes.values()}

    def refusals(self) -> list[str]:
        """One sentence for each node, unless one of them works."""
        nodes = self.pool.nodes.values()
        if any(node.health == "ready" for node in nodes):
            return []
        return [f"{node.name}: {node.reason}" for node in nodes] or ["There is no node."]

    async def start(self) -> None:
        """Look at every node once, and go on in the background."""
        await self.watch.start()

    async def close(self) -> None:
        """End the background work."""
        await self.watch.close()

    async def _try_nodes(
        self, contract: Contract, body: SolveBody, ends_at: float, trace: Trace
    ) -> tuple[Node, EngineAnswer]:
        """Solve on one node; when it breaks, once on another inside the same deadline."""
        tried: list[Node] = []
        while True:
            try:
                async with self.pool.lend(contract, tried) as node:
                    tried.append(node)
                    return node, await self._on_node(node, contract, body, ends_at, trace)
            except (EngineError, EngineUnreachableError, LeaseRefusedError) as error:
                if len(tried) == _TRIES or not self.pool.has_other(contract.ref, tried):
                    if isinstance(error, LeaseRefusedError):
                        raise EngineBusyError("Every child of the solve engine is taken.") from None
                    raise
                _log.warning("solve_retried", node=tried[-1].name, reason=str(error))

    async def _on_node(
        self, node: Node, contract: Contract, body: SolveBody, ends_at: float, trace: Trace
    ) -> EngineAnswer:
        node.solves += 1
        timeout_s = contract.manifest.timeout_sec
        name = "" if node.agent is None else self.make_id()
        lease = SolveLease(self.pool, node, name, timeout_s, self.watch.spawn)
        left_s = max(ends_at - asyncio.get_running_loop().time(), 0)
        async with lease:
            with calling("compute solve", trace) as traced:
                try:
                    return await node.run(body, left_s, traced)
                except SolveTimeoutError as error:
                    raise SolveTimeoutError(f"No result within {timeout_s:g} s.") from error
                except EngineUnreachableError as error:
                    self.pool.doubt(node, "dead", error.message)
                    raise
                except EngineError as error:
                    self.pool.doubt(node, "suspect", error.message)
                    raise
