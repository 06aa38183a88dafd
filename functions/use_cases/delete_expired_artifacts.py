"""Delete files whose time is over: first the blobs, then the rows that name them."""

import structlog

from functions.services import Services
from functions.store.artifacts import delete_artifacts, list_expired

PAGE = 200
log = structlog.stdlib.get_logger("kuduso")


async def delete_expired_artifacts(services: Services) -> int:
    """Delete one page. A crash in between leaves rows, and the next run deletes them again.

    Returns:
        How many files were deleted.

    Raises:
        FaultError: PostgreSQL or the artifact store does not answer.
    """
    now = services.clock.now()
    async with services.database.platform(services.app_ids) as connection:
        expired = await list_expired(connection, services.app_ids, now, PAGE)
    if not expired:
        return 0
    await services.artifact_store.delete([artifact.blob_path for artifact in expired])
    async with services.database.platform(services.app_ids) as connection:
        await delete_artifacts(connection, [artifact.id for artifact in expired])
    log.info("artifacts_deleted", count=len(expired))
    return len(expired)
