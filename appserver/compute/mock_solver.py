"""Answers without an engine: outputs sampled from the contract's own schema."""

import hashlib

from appserver.compute.draws import Draws
from appserver.compute.sample import sample
from appserver.domain.solution import Solution
from appserver.domain.trace import Trace
from contracts.defaults import members
from contracts.digest import canonical_json
from contracts.model import ArtifactBinding, Contract, Engine, JsonObject
from contracts.wire.solve import ArtifactContent

_FILLED_IN_LATER = ("artifacts", "metadata")
_CONTENTS = {
    "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
    "application/geo+json": '{"type":"FeatureCollection","features":[]}',
    "application/json": "{}",
}


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
        return Solution(outputs, tuple(_artifact(binding) for binding in bound))

    async def refusals(self) -> list[str]:
        """Always ready."""
        return []


def _artifact(binding: ArtifactBinding) -> ArtifactContent:
    return ArtifactContent(
        kind=binding.kind,
        file_name=binding.file_name,
        media_type=binding.media_type,
        encoding=binding.encoding,
        content="" if binding.encoding == "base64" else _CONTENTS.get(binding.media_type, "mock"),
    )
