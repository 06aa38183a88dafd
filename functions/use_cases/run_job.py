"""Answer a doorbell: claim the job, solve it, write how it ended."""

from datetime import timedelta

import structlog

from contracts.errors import UnknownContractError
from contracts.wire.message import JobMessage
from contracts.wire.solve import SolveAnswer
from functions.domain.errors import FaultError, JobFailedError, KudusoError, NotFoundError
from functions.domain.job import Run
from functions.services import Services
from functions.store.jobs import is_known
from functions.store.runs import claim_job
from functions.use_cases.conclude_run import conclude_failure, conclude_success
from functions.use_cases.hold_lease import LeaseLostError, hold_lease

RING_AGAIN_S = 5.0
RING_AGAIN_CAP_S = 60.0
log = structlog.stdlib.get_logger("kuduso")


async def run_job(services: Services, message: JobMessage) -> None:
    """Make one attempt at the job; delivered twice, the second finds nothing to claim.

    Returning settles the message. How the attempt ended is in PostgreSQL by then, or the lease
    runs out and a timer gives the job back. With PostgreSQL away the doorbell rings again later:
    raising would use up the message's deliveries within a second.

    Raises:
        NotFoundError: the tenant has no such job: the message is poison.
        FaultError: PostgreSQL and the broker are away: the message is delivered again.
    """
    try:
        run = await _claim(services, message)
    except FaultError as error:
        await _ring_later(services, message)
        log.warning("claim_deferred", ring=message.ring + 1, detail=error.detail)
        return
    if run is None:
        log.info("claim_skipped", job_id=str(message.job_id), attempt=message.attempt)
        return
    structlog.contextvars.bind_contextvars(
        job_id=str(run.job_id), definition=run.ref.definition, version=run.ref.version
    )
    log.info("job_claimed", attempt=run.attempt)
    try:
        answer = await hold_lease(services, run, _solve(services, run))
        await conclude_success(services, run, answer)
    except LeaseLostError:
        log.warning("lease_lost", attempt=run.attempt)
    except KudusoError as error:
        await conclude_failure(services, run, error)


async def _ring_later(services: Services, message: JobMessage) -> None:
    again = message.model_copy(update={"ring": message.ring + 1})
    delay_s = min(RING_AGAIN_S * again.ring, RING_AGAIN_CAP_S)
    await services.job_queue.send(again, services.clock.now() + timedelta(seconds=delay_s))


async def _claim(services: Services, message: JobMessage) -> Run | None:
    now = services.clock.now()
    scope = services.database.tenant(message.tenant_id, [message.app_id])
    async with scope as connection:
        run = await claim_job(
            connection,
            message=message,
            max_attempts=services.registry.policy(message.app_id).max_attempts,
            now=now,
            lease_expires_at=now + timedelta(seconds=services.settings.lease_s),
        )
        if run is None and not await is_known(connection, message.job_id):
            raise NotFoundError(f"There is no job {message.job_id} of this tenant.")
    return run


async def _solve(services: Services, run: Run) -> SolveAnswer:
    try:
        served = services.registry.resolve(run.app_id, run.ref.definition, run.ref.version)
    except UnknownContractError as error:
        raise JobFailedError(str(error), code="definition_not_found") from error
    return await services.appserver.solve(run, served.contract.manifest.timeout_sec)
