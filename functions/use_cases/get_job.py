"""Look a job up for its tenant."""

from uuid import UUID

from functions.domain.caller import Caller
from functions.domain.errors import NotFoundError
from functions.domain.job import Job
from functions.services import Services
from functions.store import jobs


async def get_job(services: Services, caller: Caller, job_id: UUID, app_id: str | None) -> Job:
    """The job; with `app_id` None in any app that the caller may use.

    Raises:
        NotFoundError: there is none, or it is another tenant's or another app's.
    """
    app_ids = caller.app_ids if app_id is None else caller.app_ids & {app_id}
    scope = services.database.tenant(caller.tenant_id, app_ids, is_single=True)
    async with scope as connection:
        job = await jobs.get_job(connection, job_id, app_ids)
    if job is None:
        raise NotFoundError(f"There is no job {job_id}.")
    return job
