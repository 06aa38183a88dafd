"""Solve an admitted order once: recall, or run, complete, validate and remember."""

import asyncio

import orjson

from appserver.admission.memo import Remembered
from appserver.domain.complete_outputs import complete_outputs
from appserver.domain.errors import OutputContractError, SolveTimeoutError
from appserver.services import Services
from appserver.use_cases.admit import SolveOrder
from appserver.use_cases.seal_answer import SolvedOutputs, seal_answer
from contracts.errors import ContractViolationError
from contracts.model import JsonObject
from contracts.registry import ServedContract
from contracts.wire.solve import SolveAnswer


def remembered(services: Services, order: SolveOrder) -> Remembered | None:
    """What an equal order of the same tenant gave, if it is still known."""
    return services.memo.recall(order.key) if _ttl_s(services, order) else None


async def solve(services: Services, order: SolveOrder) -> bytes:
    """A `SolveAnswer` as JSON, with outputs that are known to keep the contract.

    Equal orders at one time share one solve, which goes on while anybody waits for it. The engine
    has `timeout_sec` of the manifest; the whole has a margin more, and a caller's own timeout is
    longer still, so that the innermost one names the fault.

    Raises:
        SeatsExhaustedError: no seat of the app's lane became free.
        ContractViolationError: the inputs are refused, or the outputs break a rule of the domain
            (no feasible solution).
        AppServerError: the tree in `domain.errors`.
    """
    return await services.flights.join(order.key, lambda: _solve_and_remember(services, order))


async def _solve_and_remember(services: Services, order: SolveOrder) -> bytes:
    purges_seen = services.memo.purges
    weight = order.served.contract.manifest.concurrency.weight
    async with services.gate.seats(order.caller.app_id, order.lane, weight):
        answer = await _solve_in_time(services, order)
    ttl_s = _ttl_s(services, order)
    if ttl_s:
        caller, contract = order.caller, order.served.contract
        neighbourhood = services.memo_keys.neighbourhood(
            caller.app_id, caller.tenant_id, contract, order.inputs
        )
        expires_at_s = services.memo.monotonic_s() + ttl_s
        inputs = orjson.dumps(order.inputs)
        entry = Remembered(answer, inputs, expires_at_s, neighbourhood)
        services.memo.remember(order.key, entry, purges_seen)
    return answer


def _ttl_s(services: Services, order: SolveOrder) -> float:
    policy = services.registry.policy(order.caller.app_id)
    return min(policy.result_cache_ttl, services.memo.longest_s)


async def _solve_in_time(services: Services, order: SolveOrder) -> bytes:
    allowed_s = order.served.contract.manifest.timeout_sec + services.answer_margin_s
    try:
        async with asyncio.timeout(allowed_s):
            answer = await _solve(services, order)
    except TimeoutError as error:
        raise SolveTimeoutError(f"No answer within {allowed_s:g} s.") from error
    return answer.model_dump_json(exclude_none=True).encode()


async def _solve(services: Services, order: SolveOrder) -> SolveAnswer:
    app_id, served, contract = order.caller.app_id, order.served, order.served.contract
    solution = await services.solver.solve(contract, order.inputs, order.caller.trace)
    limits = services.registry.limits(app_id, contract)
    solved_at = services.now()
    origin = (order.inputs, services.solver.engine(contract), solved_at)
    outputs = complete_outputs(contract, limits, solution, origin)
    _check(served, outputs)
    provenance = seal_answer(services, order, SolvedOutputs(outputs, solution.origin, solved_at))
    artifacts = list(solution.artifacts)
    # Each part was checked or made here: nothing is read twice.
    return SolveAnswer.model_construct(outputs=outputs, artifacts=artifacts, provenance=provenance)


def _check(served: ServedContract, outputs: JsonObject) -> None:
    try:
        served.outputs.check(outputs)
    except ContractViolationError as error:
        if error.kind == "domain_violation":
            raise
        message = "The definition's outputs break the outputs schema."
        raise OutputContractError(message, error.violations) from error
