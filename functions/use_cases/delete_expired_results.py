"""Forget results that are older than their app keeps them: asking for one answers 410 from then."""

from datetime import timedelta

import structlog

from functions.services import Services
from functions.store.results import delete_older

PAGE = 500
log = structlog.stdlib.get_logger("kuduso")


async def delete_expired_results(services: Services) -> int:
    """Delete one page of each app's results, oldest first; jobs and their events stay.

    A result lives as long as its files (`artifact_ttl_days` of the policy), so that the two go
    together. Run twice, the second finds less or nothing.

    Returns:
        How many results were deleted.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    now = services.clock.now()
    deleted = 0
    for app_id in services.app_ids:
        ttl = timedelta(days=services.registry.policy(app_id).artifact_ttl_days)
        async with services.database.platform([app_id]) as connection:
            count = await delete_older(connection, app_id, before=now - ttl, now=now, limit=PAGE)
        if count:
            log.info("results_deleted", app_id=app_id, count=count)
        deleted += count
    return deleted
