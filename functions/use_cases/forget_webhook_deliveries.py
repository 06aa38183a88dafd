"""Keep the log of deliveries short."""

from datetime import timedelta

from functions.services import Services
from functions.store.webhook_deliveries import forget_deliveries

KEEP = timedelta(days=30)
PAGE = 1000


async def forget_webhook_deliveries(services: Services) -> int:
    """Delete one page of deliveries that ended a month ago.

    Returns:
        How many were deleted.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    before = services.clock.now() - KEEP
    async with services.database.platform(services.app_ids) as connection:
        return await forget_deliveries(connection, services.app_ids, before, PAGE)
