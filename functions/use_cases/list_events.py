"""Read the timeline of a job."""

from uuid import UUID

from functions.domain.caller import Caller
from functions.domain.job_event import JobEvent
from functions.services import Services
from functions.store import listing
from functions.use_cases.get_job import get_job


async def list_events(
    services: Services, caller: Caller, job_id: UUID, app_id: str | None, since: int
) -> list[JobEvent]:
    """The steps after number `since`, in order.

    Raises:
        NotFoundError: there is no such job for this tenant.
    """
    job = await get_job(services, caller, job_id, app_id)
    async with services.database.tenant(caller.tenant_id, [job.app_id]) as connection:
        return await listing.list_events(connection, job_id, since)
