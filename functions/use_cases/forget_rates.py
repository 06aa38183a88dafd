"""Forget rates of tenants that have been away: their quotas are whole without a row."""

from datetime import timedelta

import structlog

from functions.services import Services
from functions.store.rate_limits import forget_idle

IDLE = timedelta(days=1)
PAGE = 1000
log = structlog.stdlib.get_logger("kuduso")


async def forget_rates(services: Services) -> int:
    """Delete one page of rates that have been whole for a day; a request makes a fresh one.

    Returns:
        How many were deleted.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    async with services.database.platform(services.app_ids) as connection:
        forgotten = await forget_idle(connection, services.app_ids, IDLE, PAGE)
    if forgotten:
        log.info("rates_forgotten", count=forgotten)
    return forgotten
