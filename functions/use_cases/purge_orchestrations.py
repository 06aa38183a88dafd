"""Forget orchestrations that began long ago and are over: what they led is in PostgreSQL."""

from datetime import UTC, datetime, timedelta

import structlog

from functions.clients.orchestrations import Orchestrations
from functions.services import Services

PAGE = timedelta(days=1)
PAGES = 7
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
log = structlog.stdlib.get_logger("kuduso")


async def purge_orchestrations(services: Services, orchestrations: Orchestrations) -> int:
    """Purge what began more than `ORCHESTRATION_TTL_DAYS` ago, in pages of a day, oldest first.

    The first page holds all that former ticks left. A tick that ends in between leaves the rest to
    the next one; run twice, the second finds nothing.

    Returns:
        How many orchestrations were purged.

    Raises:
        FaultError: the task hub does not answer.
    """
    until = services.clock.now() - timedelta(days=services.settings.orchestration_ttl_days)
    ends = [until - PAGE * number for number in reversed(range(PAGES + 1))]
    purged = 0
    for begin, end in zip([BEGINNING, *ends], ends, strict=False):
        count = await orchestrations.purge(begin, end)
        if count:
            log.info("orchestrations_purged", count=count, until=end.isoformat())
        purged += count
    return purged
