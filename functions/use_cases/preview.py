"""Try inputs at once, without a job: an early look, or the word that there is none now."""

import time
from datetime import timedelta

import structlog

from contracts.wire.submission import Submission
from functions.domain.caller import Caller, Trace
from functions.domain.preview import PreviewOutcome, PreviewRequest, seat_lease, seat_wait_s
from functions.domain.seat import require_seats
from functions.services import Services
from functions.store.preview_seats import SeatRequest
from functions.telemetry.spans import traced
from functions.use_cases.accept_inputs import accept_inputs
from functions.use_cases.hold_preview_seat import hold_preview_seat
from functions.use_cases.require_app import require_app

TURN_SLACK_S = 1.0
log = structlog.stdlib.get_logger("kuduso")


@traced("preview")
async def preview(
    services: Services, caller: Caller, trace: Trace, submission: Submission
) -> PreviewOutcome:
    """Ask the AppServer's preview lane, holding one of the app's preview seats meanwhile.

    Nothing is written that outlives the request, and nothing of the inputs is logged.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
        DefinitionNotFoundError: the app has no such contract.
        InputsRejectedError: the inputs break the contract, or the app has no seats for it.
        BusyError: seats_exhausted.
        JobFailedError: the AppServer said why there is none.
        FaultError: PostgreSQL does not answer.
    """
    require_app(services, caller, submission.app_id)
    contract, inputs = accept_inputs(services, submission)
    policy = services.registry.policy(submission.app_id)
    timebox = timedelta(milliseconds=policy.preview.timebox_ms)
    request = PreviewRequest(
        caller.tenant_id, submission.app_id, contract.ref, inputs, trace, timebox
    )
    wait_s = seat_wait_s(policy)
    seat = SeatRequest(
        id=services.clock.new_id(),
        tenant_id=caller.tenant_id,
        app_id=submission.app_id,
        weight=require_seats(contract, policy.preview_seats, "preview"),
        seats=policy.preview_seats,
        lease=seat_lease(timebox),
        turn=timedelta(seconds=wait_s + TURN_SLACK_S),
    )
    structlog.contextvars.bind_contextvars(
        definition=contract.ref.definition, version=contract.ref.version
    )
    async with hold_preview_seat(services, seat, wait_s):
        return await _ask(services, request)


async def _ask(services: Services, request: PreviewRequest) -> PreviewOutcome:
    started = time.perf_counter()
    outcome = await services.appserver_preview.preview(request)
    quality = "none" if outcome.answer is None else outcome.answer.quality
    duration_ms = round((time.perf_counter() - started) * 1000, 1)
    log.info("preview_answered", quality=quality, duration_ms=duration_ms)
    return outcome
