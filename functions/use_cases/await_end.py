"""Wait for the end of a job that was just submitted."""

from uuid import UUID

from functions.domain.caller import Caller
from functions.domain.job import Job
from functions.services import Services
from functions.use_cases.poll_job import poll_job


async def await_end(services: Services, caller: Caller, job_id: UUID, wait_s: float) -> Job | None:
    """The job, or None when it has not ended after `wait_s`.

    Raises:
        NotFoundError: it was erased meanwhile.
    """
    job = await poll_job(services, caller, job_id, wait_s, lambda job: job.is_final)
    return job if job.is_final else None
