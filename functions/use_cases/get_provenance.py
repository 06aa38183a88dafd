"""What a job's outputs were made of, as the AppServer signed it."""

from uuid import UUID

from contracts.model import JsonObject
from functions.domain.caller import Caller
from functions.domain.errors import NotFoundError
from functions.services import Services
from functions.store import jobs
from functions.use_cases.get_job import get_job
from functions.use_cases.get_result import require_success


async def get_provenance(
    services: Services, caller: Caller, job_id: UUID, app_id: str | None
) -> JsonObject:
    """The signed document; `python -m appserver verify` checks it against the outputs.

    Raises:
        NotFoundError: there is no such job for this tenant, or its result was not signed;
            result_expired when it is gone.
        KudusoError: what `get_result` says of jobs that have no result.
    """
    job = await get_job(services, caller, job_id, app_id)
    require_success(job)
    async with services.database.tenant(caller.tenant_id, [job.app_id]) as connection:
        provenance = await jobs.get_provenance(connection, job_id)
        is_kept = await jobs.get_outputs(connection, job_id) is not None
    if provenance is not None:
        return provenance
    if not is_kept:
        raise NotFoundError("The result is no longer kept.", code="result_expired")
    raise NotFoundError("The result was not signed.")
