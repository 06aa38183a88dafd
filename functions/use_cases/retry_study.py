"""Run the failed points of a study again, and no others."""

from uuid import UUID

import structlog

from contracts.model import JsonObject
from functions.domain.caller import Caller
from functions.domain.errors import InvalidStateError
from functions.domain.study import Study
from functions.services import Services
from functions.store import studies, study_points
from functions.use_cases.get_study import brief_study, require_study
from functions.use_cases.require_app import require_app

log = structlog.stdlib.get_logger("kuduso")


async def retry_study(
    services: Services, caller: Caller, study_id: UUID, app_id: str
) -> tuple[Study, JsonObject]:
    """Make the failed points pending; a study that had ended begins another round.

    Raises:
        NotFoundError: there is no such study for this tenant.
        InvalidStateError: no point has failed, or the study was cancelled or is about to end.
    """
    require_app(services, caller, app_id)
    now = services.clock.now()
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        study = require_study(await studies.lock_study(connection, study_id, [app_id]), study_id)
        if study.cancel_requested_at is not None or (study.is_stopping and not study.is_final):
            raise InvalidStateError("The study was cancelled, or is about to end.")
        reopened = await study_points.reopen_failed(connection, study_id)
        if reopened == 0:
            raise InvalidStateError("No point of the study has failed.")
        if study.is_final:
            await studies.reopen(connection, study_id, now)
        else:
            await studies.touch(connection, study_id, now, has_moved=True)
        log.info("study_retried", study_id=str(study_id), count=reopened)
        study = require_study(await studies.get_study(connection, study_id, [app_id]), study_id)
        return study, await brief_study(connection, study)
