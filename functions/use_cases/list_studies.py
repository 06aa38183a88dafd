"""List a tenant's studies of one app, page by page."""

from contracts.model import JsonObject
from functions.domain.caller import Caller
from functions.domain.job_filter import Cursor
from functions.services import Services
from functions.store import studies
from functions.use_cases.get_study import brief_study
from functions.use_cases.require_app import require_app


async def list_studies(
    services: Services, caller: Caller, app_id: str, limit: int, cursor: Cursor | None
) -> tuple[list[JsonObject], Cursor | None]:
    """One page, newest first, and where the next one begins.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
    """
    require_app(services, caller, app_id)
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        found = await studies.list_studies(connection, caller.tenant_id, app_id, limit, cursor)
        page = found[:limit]
        shown = [await brief_study(connection, study) for study in page]
    last = page[-1] if len(found) > limit else None
    return shown, None if last is None else Cursor(last.created_at, last.id)
