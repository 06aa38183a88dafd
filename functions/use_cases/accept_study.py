"""Check a study against its contract and its app's caps; nothing is written."""

import asyncio
import time
from collections.abc import Iterator

from contracts.errors import ContractViolationError, UnknownContractError, Violation
from contracts.model import JsonObject
from contracts.registry import ServedContract
from functions.domain.caller import Caller, Trace
from functions.domain.errors import DefinitionNotFoundError, InputsRejectedError
from functions.domain.study import StudyDraft, StudyKey
from functions.domain.study_outputs import objective_fault
from functions.domain.study_request import StudyRequest
from functions.domain.study_space import Point
from functions.services import Services

# What is not checked by then is checked where its job is submitted.
CHECK_S = 3.0
MAX_VIOLATIONS = 50
IN_FLIGHT_PER_SEAT = 4


async def accept_study(
    services: Services, caller: Caller, trace: Trace, app_id: str, request: StudyRequest
) -> StudyDraft:
    """The study that the request would make, with all its points.

    Raises:
        DefinitionNotFoundError: the app has no such contract.
        InputsRejectedError: a cap is exceeded, an objective is no number, or a point breaks the
            contract.
        FaultError: PostgreSQL does not answer.
    """
    try:
        served = services.registry.resolve(app_id, request.definition, request.version)
    except UnknownContractError as error:
        raise DefinitionNotFoundError(str(error)) from error
    _check_objectives(served, request)
    estimate_s = await _check_caps(services, app_id, served, request)
    points = request.space.points()
    # Thousands of points take seconds, in which this process answers others.
    await asyncio.to_thread(_check_points, services, app_id, served, request, points)
    now = services.clock.now()
    return StudyDraft(
        key=StudyKey(services.clock.new_id(), caller.tenant_id, app_id),
        ref=served.contract.ref,
        base=request.base,
        space=request.space_json,
        paths=[parameter.path for parameter in request.space.parameters],
        points=points,
        objectives=request.objectives,
        stop=request.stop,
        concurrency=_concurrency(services, app_id, request),
        may_reuse=True,
        estimate_seat_s=estimate_s,
        correlation_id=trace.correlation_id,
        traceparent=trace.traceparent,
        created_at=now,
        labels=request.labels,
    )


def _concurrency(services: Services, app_id: str, request: StudyRequest) -> int:
    policy = services.registry.policy(app_id)
    usual = min(policy.studies.max_concurrency, IN_FLIGHT_PER_SEAT * policy.batch_seats)
    return request.concurrency or usual


def _check_objectives(served: ServedContract, request: StudyRequest) -> None:
    schema = served.contract.outputs_schema
    faults = [objective_fault(schema, objective.path) for objective in request.objectives]
    errors = [
        Violation(f"/objectives/{place}/path", "objective", fault)
        for place, fault in enumerate(faults)
        if fault is not None
    ]
    if errors:
        detail = f"An objective must be a number of the outputs of {served.contract.ref}."
        raise InputsRejectedError(detail, errors=errors)


async def _check_caps(
    services: Services, app_id: str, served: ServedContract, request: StudyRequest
) -> float | None:
    """The seat-seconds that the study is going to take, if runs were measured before."""
    caps = services.registry.policy(app_id).studies
    size, contract = request.space.size, served.contract
    if size > caps.max_points:
        raise _too_much("/space", f"Has {size} points; the app allows {caps.max_points}.")
    if (request.concurrency or 0) > caps.max_concurrency:
        raise _too_much("/concurrency", f"The app allows {caps.max_concurrency}.")
    median_s = await services.run_times.median_s(app_id, contract.ref, services.clock.now())
    if median_s is None:
        return None
    estimate_s = size * median_s * contract.manifest.concurrency.weight
    if estimate_s > caps.max_seat_seconds:
        message = (
            f"{size} runs of {median_s:.3g} s would take {estimate_s:.0f} seat-seconds; "
            f"the app allows {caps.max_seat_seconds:g}."
        )
        raise _too_much("/space", message)
    return estimate_s


def _too_much(pointer: str, message: str) -> InputsRejectedError:
    fault = Violation(pointer, "study_cap", message)
    detail = "The study asks for more than the app allows; see errors."
    return InputsRejectedError(detail, code="domain_violation", errors=[fault])


def _check_points(
    services: Services,
    app_id: str,
    served: ServedContract,
    request: StudyRequest,
    points: list[Point],
) -> None:
    ends_at = time.perf_counter() + CHECK_S
    found: list[tuple[str, Violation]] = []
    for place, point in enumerate(points):
        if time.perf_counter() > ends_at or len(found) >= MAX_VIOLATIONS:
            break
        try:
            inputs = _inputs(request, point)
            services.registry.accept_inputs(app_id, served, inputs)
        except KeyError:
            message = "A path leads through something that is no object, or past a list's end."
            found.append(("schema_violation", Violation("/space", "path", message)))
            break
        except ContractViolationError as error:
            moved = _addressed(request, place, point, error)
            found.extend((error.kind, violation) for violation in moved)
    if found:
        _refuse(found)


def _inputs(request: StudyRequest, point: Point) -> JsonObject:
    base = request.base
    for parameter, value in zip(request.space.parameters, point, strict=True):
        base = parameter.path.written(base, value)
    return base


def _addressed(
    request: StudyRequest, place: int, point: Point, error: ContractViolationError
) -> Iterator[Violation]:
    """Violations of one point's inputs as pointers into the study."""
    parameters = request.space.parameters
    named = ", ".join(f"{p.path.name} = {v}" for p, v in zip(parameters, point, strict=True))
    for violation in error.violations:
        here = f"/base{violation.pointer}"
        for number, parameter in enumerate(parameters):
            if violation.pointer.startswith(parameter.path.pointer):
                is_list = request.space.kind == "list"
                here = f"/space/points/{place}" if is_list else f"/space/parameters/{number}"
        message = f"Point {place + 1} ({named[:120]}): {violation.message}"
        yield Violation(here, violation.code, message, violation.hint)


def _refuse(found: list[tuple[str, Violation]]) -> None:
    """All violations of a response are of one kind: the schema's first."""
    schema = [violation for kind, violation in found if kind == "schema_violation"]
    detail = "Points of the study break the contract; see errors."
    if schema:
        raise InputsRejectedError(detail, errors=schema[:MAX_VIOLATIONS])
    domain = [violation for _, violation in found]
    raise InputsRejectedError(detail, code="domain_violation", errors=domain[:MAX_VIOLATIONS])
