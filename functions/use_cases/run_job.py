"""Answer a doorbell: claim what is next, solve it, write how it ended, and go on with the next."""

from datetime import timedelta

import structlog

from contracts.errors import UnknownContractError
from contracts.model import Contract
from contracts.wire.message import JobMessage
from functions.clients.orchestrations import Orchestrations
from functions.domain.errors import FaultError, JobFailedError, KudusoError
from functions.domain.job import Run
from functions.domain.long_run import LongRun, is_long
from functions.services import Services
from functions.telemetry.log_lines import bind_run
from functions.telemetry.spans import span
from functions.use_cases.claim_next_job import claim_next_job
from functions.use_cases.conclude_run import (
    conclude_cancel,
    conclude_failure,
    conclude_success,
)
from functions.use_cases.hold_lease import CancelRequestedError, LeaseLostError, hold_lease
from functions.use_cases.solve_run import solve_run
from functions.use_cases.start_long_run import start_long_run
from functions.use_cases.wake_waiting_jobs import wake_waiting_jobs

RING_AGAIN_S = 5.0
RING_AGAIN_CAP_S = 60.0
# A handler stays short; a seat that it leaves while jobs wait gets a doorbell.
GO_ON_FOR_S = 120.0
log = structlog.stdlib.get_logger("kuduso")


async def run_job(
    services: Services, message: JobMessage, orchestrations: Orchestrations | None = None
) -> None:
    """Run the next job of the message's app, then those that waited for the seat.

    A doorbell says that something is due, not what: the fairest due job is claimed. Delivered
    twice, the second finds nothing. Returning settles the message: how
    each run ended is in PostgreSQL by then, or its lease runs out and a timer gives the job back.
    With PostgreSQL away the doorbell rings again later: raising would use up the message's
    deliveries within a second.

    Raises:
        NotFoundError: the tenant has no such job: the message is poison.
        FaultError: PostgreSQL and the broker are away: the message is delivered again.
    """
    started_at = services.clock.now()
    try:
        run = await claim_next_job(services, message.app_id, message)
    except FaultError as error:
        await _ring_later(services, message)
        log.warning("claim_deferred", ring=message.ring + 1, detail=error.detail)
        return
    if run is None:
        log.info("claim_skipped", attempt=message.attempt)
    while run is not None:
        with span("attempt", parent=run.traceparent):
            await _attempt(services, orchestrations, run)
        if services.clock.now() - started_at > timedelta(seconds=GO_ON_FOR_S):
            await wake_waiting_jobs(services)
            return
        run = await claim_next_job(services, message.app_id)


async def _attempt(services: Services, orchestrations: Orchestrations | None, run: Run) -> None:
    bind_run(run)
    log.info("job_claimed", attempt=run.attempt, waited_ms=run.waited_ms)
    try:
        manifest = _contract(services, run).manifest
        if is_long(manifest):
            # The lease goes with it: from now on the orchestration holds job and seat.
            long_run = LongRun(run.job_id, run.tenant_id, run.app_id, run.lease_token)
            return await start_long_run(orchestrations, long_run)
        answer = await hold_lease(services, run, solve_run(services, run, manifest.timeout_sec))
        await conclude_success(services, run, answer)
    except LeaseLostError:
        log.warning("lease_lost", attempt=run.attempt)
    except CancelRequestedError:
        await conclude_cancel(services, run)
    except KudusoError as error:
        await conclude_failure(services, run, error)


async def _ring_later(services: Services, message: JobMessage) -> None:
    again = message.model_copy(update={"ring": message.ring + 1})
    delay_s = min(RING_AGAIN_S * again.ring, RING_AGAIN_CAP_S)
    await services.job_queue.send(again, services.clock.now() + timedelta(seconds=delay_s))


def _contract(services: Services, run: Run) -> Contract:
    try:
        return services.registry.resolve(run.app_id, run.ref.definition, run.ref.version).contract
    except UnknownContractError as error:
        raise JobFailedError(str(error), code="definition_not_found") from error
