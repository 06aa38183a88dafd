"""Forget idempotency keys whose time is over."""

import structlog

from functions.services import Services
from functions.store.idempotency import forget_expired

PAGE = 1000
log = structlog.stdlib.get_logger("kuduso")


async def forget_expired_keys(services: Services) -> int:
    """Delete one page; what is left waits for the next tick.

    Returns:
        How many keys were forgotten.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    now = services.clock.now()
    async with services.database.platform(services.app_ids) as connection:
        forgotten = await forget_expired(connection, services.app_ids, now, PAGE)
    if forgotten:
        log.info("idempotency_keys_forgotten", count=forgotten)
    return forgotten
