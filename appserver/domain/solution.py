"""What a solver hands over, before the outputs are completed and checked."""

from dataclasses import dataclass, field
from typing import Protocol

from appserver.domain.trace import Trace
from contracts.model import Contract, Engine, JsonObject
from contracts.wire.solve import ArtifactContent


@dataclass(frozen=True, slots=True)
class Solution:
    """Outputs as bound, the files, and what the engine warned of."""

    outputs: JsonObject
    artifacts: tuple[ArtifactContent, ...] = ()
    warnings: tuple[str, ...] = field(default=())


class Solver(Protocol):
    """Anything that can run a contract's definition."""

    def engine(self, contract: Contract) -> Engine:
        """Name and version to show as the origin of results."""
        ...

    async def solve(self, contract: Contract, inputs: JsonObject, trace: Trace) -> Solution:
        """Run the definition on accepted inputs; cancelling the call cancels the solve.

        Raises:
            ContractViolationError: a value cannot be bound.
            DefinitionError: components of the definition failed.
            EngineError: the engine failed.
            EngineUnreachableError: there is no engine.
            SolveTimeoutError: the contract's `timeout_sec` is over.
            OutputContractError: the answer does not fit the output bindings.
        """
        ...

    async def refusals(self) -> list[str]:
        """Why no solve would succeed now, one sentence each; empty when the solver is ready."""
        ...
