"""Send what a crash or an outage left in the outbox, and forget what was sent long ago."""

from datetime import timedelta

import structlog

from functions.services import Services
from functions.store.outbox import forget_sent, list_unsent
from functions.use_cases.ring_doorbell import ring_doorbell

# Younger rows are being sent by the request that wrote them.
GRACE = timedelta(seconds=5)
KEEP_SENT = timedelta(days=1)
PAGE = 200
log = structlog.stdlib.get_logger("kuduso")


async def relay_outbox(services: Services) -> int:
    """Relay one page; stops at the first message that the broker does not take.

    Returns:
        How many messages were sent.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    now = services.clock.now()
    async with services.database.platform(services.app_ids) as connection:
        await forget_sent(connection, services.app_ids, now - KEEP_SENT)
        waiting = await list_unsent(connection, services.app_ids, now - GRACE, PAGE)
    sent = 0
    for message, due_at in waiting:
        if not await ring_doorbell(services, message, due_at if due_at > now else None):
            break
        sent += 1
    if waiting:
        log.info("outbox_relayed", sent=sent, waiting=len(waiting) - sent)
    return sent
