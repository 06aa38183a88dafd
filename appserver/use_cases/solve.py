"""Solve a contract: resolve, validate, run, complete, validate."""

import asyncio
from dataclasses import dataclass

from appserver.domain.complete_outputs import complete_outputs
from appserver.domain.errors import OutputContractError, SolveTimeoutError
from appserver.domain.trace import Trace
from appserver.services import Services
from contracts.errors import ContractViolationError
from contracts.model import JsonObject
from contracts.registry import ServedContract
from contracts.wire.solve import SolveAnswer


@dataclass(frozen=True, slots=True)
class SolveOrder:
    """One request, resolved: what to run, for which app, on which inputs as they were sent."""

    app_id: str
    served: ServedContract
    inputs: JsonObject
    trace: Trace


async def solve(services: Services, order: SolveOrder) -> SolveAnswer:
    """Answer with outputs that are known to keep the contract.

    The engine has `timeout_sec` of the manifest; the whole has a margin more, and a caller's own
    timeout is longer still, so that the innermost one names the fault. Cancelling cancels the
    solve.

    Raises:
        ContractViolationError: the inputs are refused, or the outputs break a rule of the domain
            (no feasible solution).
        AppServerError: the tree in `domain.errors`.
    """
    allowed_s = order.served.contract.manifest.timeout_sec + services.answer_margin_s
    try:
        async with asyncio.timeout(allowed_s):
            return await _solve(services, order)
    except TimeoutError as error:
        raise SolveTimeoutError(f"No answer within {allowed_s:g} s.") from error


async def _solve(services: Services, order: SolveOrder) -> SolveAnswer:
    served, contract = order.served, order.served.contract
    inputs = services.registry.accept_inputs(order.app_id, served, order.inputs)
    solution = await services.solver.solve(contract, inputs, order.trace)
    limits = services.registry.limits(order.app_id, contract)
    origin = (inputs, services.solver.engine(contract), services.now())
    outputs = complete_outputs(contract, limits, solution, origin)
    _check(served, outputs)
    return SolveAnswer(outputs=outputs, artifacts=list(solution.artifacts))


def _check(served: ServedContract, outputs: JsonObject) -> None:
    try:
        served.outputs.check(outputs)
    except ContractViolationError as error:
        if error.kind == "domain_violation":
            raise
        message = "The definition's outputs break the outputs schema."
        raise OutputContractError(message, error.violations) from error
