"""Look a study up for its tenant, with its progress, its best points and its files."""

from datetime import timedelta
from uuid import UUID

from contracts.model import JsonObject
from functions.domain.artifact import Artifact
from functions.domain.caller import Caller
from functions.domain.errors import NotFoundError
from functions.domain.study import Study
from functions.domain.study_resource import study_json
from functions.services import Services
from functions.store import studies, study_points
from functions.store.tenant import Connection
from functions.use_cases.require_app import require_app


async def get_study(
    services: Services, caller: Caller, study_id: UUID, app_id: str
) -> tuple[Study, JsonObject]:
    """The study and its resource; links to files end after a few minutes.

    Raises:
        NotFoundError: there is none, or it is another tenant's or another app's.
        ForbiddenError: the caller may not use the app.
    """
    require_app(services, caller, app_id)
    now = services.clock.now()
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        study = require_study(await studies.get_study(connection, study_id, [app_id]), study_id)
        tally = await study_points.tally(connection, study_id)
        best = [
            await study_points.best(connection, study_id, place, goal)
            for place, goal in enumerate(study.goals)
        ]
        files = await studies.list_files(connection, study_id, now)
    linked = [await _linked(services, file) for file in files]
    return study, study_json(study, tally.by_status, tally.reused, best, linked)


async def brief_study(connection: Connection, study: Study) -> JsonObject:
    """The resource without best points and files."""
    tally = await study_points.tally(connection, study.id)
    return study_json(study, tally.by_status, tally.reused)


def require_study(study: Study | None, study_id: UUID) -> Study:
    """The study that was found.

    Raises:
        NotFoundError: none was.
    """
    if study is None:
        raise NotFoundError(f"There is no study {study_id}.")
    return study


async def _linked(services: Services, file: Artifact) -> JsonObject:
    now = services.clock.now()
    expires_at = now + timedelta(seconds=services.settings.artifact_link_ttl_s)
    href = await services.artifact_store.link(file.blob_path, now, expires_at)
    return {
        "kind": file.kind,
        "file_name": file.file_name,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "sha256": file.digest,
        "href": href,
        "href_expires_at": expires_at.isoformat(),
    }
