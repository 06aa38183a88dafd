"""How far a layout is, with its figures once it is completed."""

from uuid import UUID

from contracts.model import JsonObject
from functions.domain.caller import Caller
from functions.domain.job import Job
from functions.services import Services
from functions.store import jobs
from functions.use_cases.get_job import get_job


async def get_layout_state(
    services: Services, caller: Caller, app_id: str, layout_id: UUID
) -> tuple[Job, JsonObject | None]:
    """The job, and its outputs if it succeeded and they are still kept.

    Raises:
        NotFoundError: the caller has no such layout.
    """
    job = await get_job(services, caller, layout_id, app_id)
    if job.status != "succeeded":
        return job, None
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        return job, await jobs.get_outputs(connection, layout_id)
