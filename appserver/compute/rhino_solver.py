"""Solve on Rhino.Compute: bind, call, read back."""

from dataclasses import dataclass

from appserver.compute.definition_texts import DefinitionTexts
from appserver.compute.rhino_compute import RhinoCompute
from appserver.compute.solve_request import solve_body
from appserver.domain.bind_inputs import bind_inputs
from appserver.domain.errors import AppServerError
from appserver.domain.geometry import GeometryCodec
from appserver.domain.read_outputs import read_outputs
from appserver.domain.solution import Solution
from appserver.domain.trace import Trace
from appserver.telemetry import calling
from contracts.model import Contract, Engine, JsonObject


@dataclass(frozen=True, slots=True)
class RhinoSolver:
    """Runs the contract's own definition file on the engine."""

    compute: RhinoCompute
    definitions: DefinitionTexts
    codec: GeometryCodec
    ready_timeout_s: float

    def engine(self, contract: Contract) -> Engine:
        """The engine that the contract was released for."""
        return contract.plugins.engine

    async def solve(self, contract: Contract, inputs: JsonObject, trace: Trace) -> Solution:
        """Raises what `Solver.solve` says."""
        trees = bind_inputs(contract.bindings, inputs, self.codec)
        definition = self.definitions.text(contract.definition_file)
        body = solve_body(definition, contract.manifest, trees)
        with calling("compute solve", trace) as traced:
            answer = await self.compute.solve(body, contract.manifest.timeout_sec, traced)
        return read_outputs(contract.bindings, answer.trees, answer.warnings)

    async def refusals(self) -> list[str]:
        """Ask the engine for its version: its own health check answers without a working child."""
        try:
            await self.compute.version(self.ready_timeout_s)
        except AppServerError as error:
            return [error.message]
        return []
