"""Forget dead letters that nobody needs any more."""

from datetime import timedelta

import structlog

from functions.services import Services
from functions.store.dead_letters import forget_letters

PAGE = 1000
log = structlog.stdlib.get_logger("kuduso")


async def forget_dead_letters(services: Services) -> int:
    """Delete one page of those that were replayed, or else written, DEAD_LETTER_TTL_DAYS ago.

    Run twice, the second finds less or nothing.

    Returns:
        How many were deleted.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    before = services.clock.now() - timedelta(days=services.settings.dead_letter_ttl_days)
    async with services.database.platform(services.app_ids) as connection:
        forgotten = await forget_letters(connection, services.app_ids, before, PAGE)
    if forgotten:
        log.info("dead_letters_forgotten", count=forgotten)
    return forgotten
