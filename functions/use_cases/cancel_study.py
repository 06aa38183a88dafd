"""Stop a study: what has not begun ends at once, what runs within about a second."""

from uuid import UUID

import structlog

from contracts.model import JsonObject
from functions.domain.caller import Caller
from functions.domain.errors import InvalidStateError
from functions.domain.study import Study
from functions.services import Services
from functions.store import studies
from functions.use_cases.get_study import brief_study, require_study
from functions.use_cases.halt_study import halt_study
from functions.use_cases.require_app import require_app

log = structlog.stdlib.get_logger("kuduso")


async def cancel_study(
    services: Services, caller: Caller, study_id: UUID, app_id: str
) -> tuple[Study, JsonObject, bool]:
    """Ask for the end of a study and of its jobs, in one transaction; asking again changes nothing.

    Returns:
        The study, its resource, and whether this was the first time.

    Raises:
        NotFoundError: there is no such study for this tenant.
        InvalidStateError: the study has ended otherwise.
    """
    require_app(services, caller, app_id)
    now = services.clock.now()
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        study = require_study(await studies.lock_study(connection, study_id, [app_id]), study_id)
        if study.is_final and study.status != "cancelled":
            raise InvalidStateError(f"The study is {study.status} already.")
        is_first = await studies.ask_to_cancel(connection, study_id, now)
        if is_first:
            await halt_study(connection, study, "cancelled", now)
            log.info("study_cancelled", study_id=str(study_id))
        study = require_study(await studies.get_study(connection, study_id, [app_id]), study_id)
        return study, await brief_study(connection, study), is_first
