"""Answers without an engine: outputs sampled from the contract's own schema."""

import hashlib

from appserver.compute.draws import Draws
from appserver.compute.sample import sample
from appserver.compute.sample_files import sample_file
from appserver.domain.readiness import NodeState, Readiness
from appserver.domain.solution import Solution
from appserver.domain.trace import Trace
from contracts.defaults import members
from contracts.digest import canonical_json
from contracts.model import Contract, Engine, JsonObject

_FILLED_IN_LATER = ("artifacts", "metadata")


class MockSolver:
    """Equal inputs of a contract have equal outputs, which keep the outputs schema."""

    def engine(self, contract: Contract) -> Engine:  # noqa: ARG002 - the port's signature
        """A name that nobody takes for an engine."""
        return Engine(name="mock", version="1")

    async def solve(self, contract: Contract, inputs: JsonObject, trace: Trace) -> Solution:  # noqa: ARG002 - the port's signature
        """Sample every declared output, and an artifact for each artifact binding.

        Raises:
            ValueError: the outputs schema is beyond the sampler.
        """
        schema = contract.outputs_schema
        seed: JsonObject = {"contract": str(contract.ref), "inputs": inputs}
        draws = Draws(hashlib.sha256(canonical_json(seed)).hexdigest())
        outputs = {
            name: sample(schema, member, draws)
            for name, member in members(schema)
            if name not in _FILLED_IN_LATER
        }
        bound = [b.artifact for b in contract.bindings.outputs if b.artifact is not None]
        return Solution(outputs, tuple(sample_file(binding) for binding in bound))

    def readiness(self, contract: Contract) -> Readiness:  # noqa: ARG002 - the port's signature
        """No node, hence nothing that one lacks."""
        return Readiness()

    def nodes(self) -> dict[str, NodeState]:
        """None."""
        return {}

    def refusals(self) -> list[str]:
        """Always ready."""
        return []

    async def start(self) -> None:
        """There is nothing to watch."""

    async def close(self) -> None:
        """Nothing is open."""
