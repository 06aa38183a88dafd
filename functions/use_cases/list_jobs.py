"""List a tenant's jobs of one app, page by page."""

from functions.domain.caller import Caller
from functions.domain.job import Job
from functions.domain.job_filter import Cursor, JobFilter
from functions.services import Services
from functions.store import listing
from functions.use_cases.require_app import require_app


async def list_jobs(
    services: Services, caller: Caller, app_id: str, wanted: JobFilter
) -> tuple[list[Job], Cursor | None]:
    """One page, newest first, and where the next one begins.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
    """
    require_app(services, caller, app_id)
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        found = await listing.list_jobs(connection, caller.tenant_id, app_id, wanted)
    page = found[: wanted.limit]
    last = page[-1] if len(found) > wanted.limit else None
    return page, None if last is None else Cursor(last.created_at, last.id)
