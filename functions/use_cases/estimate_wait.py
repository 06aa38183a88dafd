"""Say where a queued job stands and when it will probably be solved."""

from contracts.model import ContractRef
from functions.domain.job import Job
from functions.domain.job_resource import QueueEstimate
from functions.domain.queue_wait import estimate
from functions.services import Services
from functions.store.queue_estimates import count_ahead


async def estimate_wait(services: Services, job: Job) -> QueueEstimate | None:
    """The estimate of a queued job, None of any other.

    The place in the queue is counted among the tenant's own jobs; how long a run takes is measured
    on the app's latest runs, whosever they were.
    """
    if job.status != "queued":
        return None
    async with services.database.tenant(job.tenant_id, [job.app_id]) as connection:
        ahead = await count_ahead(connection, job)
    ref = ContractRef(job.definition, job.version)
    median_s = await services.run_times.median_s(job.app_id, ref, services.clock.now())
    return estimate(ahead, services.registry.policy(job.app_id).batch_seats, median_s)
