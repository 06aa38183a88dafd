"""Stop a job: at once while it is queued, through its run's heartbeat while it runs."""

from uuid import UUID

import structlog

from contracts.errors import UnknownContractError
from functions.clients.orchestrations import Orchestrations
from functions.domain.caller import Caller
from functions.domain.errors import InvalidStateError
from functions.domain.job import Job
from functions.domain.long_run import is_long
from functions.services import Services
from functions.store.endings import ask_to_cancel, cancel_queued
from functions.store.events import JobKey
from functions.use_cases.get_job import get_job
from functions.use_cases.send_webhooks_soon import send_webhooks_soon
from functions.use_cases.start_long_run import wake_long_run

log = structlog.stdlib.get_logger("kuduso")


async def cancel_job(
    services: Services,
    caller: Caller,
    job_id: UUID,
    app_id: str | None,
    orchestrations: Orchestrations | None = None,
) -> Job:
    """Ask for the end of a job; asking again changes nothing.

    A running job ends within about a second: its solve is cancelled and its seat given back. A
    long one is led by an orchestration, which is told.

    Raises:
        NotFoundError: there is no such job for this tenant.
        InvalidStateError: the job has ended otherwise.
    """
    job = await get_job(services, caller, job_id, app_id)
    key = JobKey(job.id, job.tenant_id, job.app_id)
    now = services.clock.now()
    async with services.database.tenant(caller.tenant_id, [job.app_id]) as connection:
        if await cancel_queued(connection, key, now):
            log.info("job_cancelled", job_id=str(job.id))
        else:
            await ask_to_cancel(connection, key, now)
    if job.status == "running" and _is_long(services, job):
        await wake_long_run(orchestrations, job.id)
    send_webhooks_soon(services)
    job = await get_job(services, caller, job_id, app_id)
    if job.status in ("succeeded", "failed", "expired"):
        raise InvalidStateError(f"The job has {job.status} already.")
    return job


def _is_long(services: Services, job: Job) -> bool:
    try:
        served = services.registry.resolve(job.app_id, job.definition, job.version)
    except UnknownContractError:
        return False  # its run fails for that anyway
    return is_long(served.contract.manifest)
