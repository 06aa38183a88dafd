"""Erase a study: its files first, then its rows; its jobs stay, each to be erased by itself."""

from uuid import UUID

import structlog

from functions.domain.caller import Caller
from functions.domain.errors import InvalidStateError
from functions.services import Services
from functions.store import studies
from functions.use_cases.get_study import require_study
from functions.use_cases.require_app import require_app

log = structlog.stdlib.get_logger("kuduso")


async def erase_study(services: Services, caller: Caller, study_id: UUID, app_id: str) -> None:
    """Leave no file, point or answer of an ended study.

    A crash in between leaves rows whose files nobody is led to any more; the next call finishes,
    or the timer as far as files go.

    Raises:
        NotFoundError: there is no such study for this tenant, or not any more.
        InvalidStateError: it runs; cancel it first.
        FaultError: PostgreSQL or the artifact store does not answer; call again.
    """
    require_app(services, caller, app_id)
    now = services.clock.now()
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        study = require_study(await studies.lock_study(connection, study_id, [app_id]), study_id)
        if not study.is_final:
            raise InvalidStateError("The study is running; cancel it first.")
        await studies.withdraw_files(connection, study_id, now)
    files = await services.artifact_store.delete_under(f"{app_id}/studies/{study_id}/")
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        erased = await studies.erase(connection, study.key)
        if not erased and await studies.get_study(connection, study_id, [app_id]) is not None:
            raise InvalidStateError("The study has been retried meanwhile; cancel it first.")
    log.info("study_erased", study_id=str(study_id), files=files)
