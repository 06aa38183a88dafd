"""Look a job up, and wait for news of it."""

from functions.domain.caller import Caller
from functions.domain.job import Job
from functions.domain.job_resource import job_tag
from functions.services import Services
from functions.use_cases.poll_job import poll_job


async def await_change(
    services: Services, caller: Caller, job: Job, wait_s: float, known_tag: str | None
) -> Job:
    """The job as soon as it differs from what the client knows, or as it is after `wait_s`.

    A client that names no entity tag waits for a change of what `job` shows. A job that has ended
    never changes, so nobody waits for it.
    """
    tag = job_tag(job)
    if job.is_final or wait_s <= 0 or (known_tag is not None and tag not in known_tag):
        return job
    return await poll_job(services, caller, job.id, wait_s, lambda now: job_tag(now) != tag)
