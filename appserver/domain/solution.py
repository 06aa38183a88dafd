"""What a solver hands over, before the outputs are completed and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from appserver.domain.readiness import NodeState, Readiness
from appserver.domain.trace import Trace
from contracts.model import Contract, Engine, JsonObject
from contracts.wire.solve import ArtifactContent


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a solution was made: the node, and the versions that it told (`rhino`, `compute`)."""

    node: str
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Solution:
    """Outputs as bound, the files, what the engine warned of, and where it was made."""

    outputs: JsonObject
    artifacts: tuple[ArtifactContent, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    origin: Origin | None = None


class Solver(Protocol):
    """Anything that can run a contract's definition."""

    def engine(self, contract: Contract) -> Engine:
        """Name and version to show as the origin of results."""
        ...

    def readiness(self, contract: Contract) -> Readiness:
        """Which nodes can solve the contract, and why the others cannot; known without asking."""
        ...

    async def solve(self, contract: Contract, inputs: JsonObject, trace: Trace) -> Solution:
        """Run the definition on accepted inputs; cancelling the call cancels the solve.

        Raises:
            ContractViolationError: a value cannot be bound.
            DefinitionError: components of the definition failed.
            EngineError: the engine failed.
            EngineUnreachableError: there is no engine.
            EngineBusyError: no child became free.
            PluginMismatchError: no node has what the contract needs; names what is missing.
            SolveTimeoutError: the contract's `timeout_sec` is over.
            OutputContractError: the answer does not fit the output bindings.
        """
        ...

    async def start(self) -> None:
        """Get to know the engine, and go on watching it until `close`."""
        ...

    async def close(self) -> None:
        """End what runs in the background, and close connections."""
        ...

    def nodes(self) -> Mapping[str, NodeState]:
        """The state of each node, by its name."""
        ...

    def refusals(self) -> list[str]:
        """Why no solve would succeed now, one sentence each; empty when the solver is ready."""
        ...
