"""Send a message that the outbox holds, and note that it was sent."""

from datetime import datetime

import structlog

from contracts.wire.message import JobMessage
from functions.domain.errors import FaultError
from functions.services import Services
from functions.store.outbox import mark_sent

log = structlog.stdlib.get_logger("kuduso")


async def ring_doorbell(
    services: Services, message: JobMessage, due_at: datetime | None = None
) -> bool:
    """Send, then mark. A crash in between sends twice; the broker drops the second by its id.

    Args:
        services: the queue and the database.
        message: what to send.
        due_at: hold the message in the broker until then; None sends it at once.

    Returns:
        False when the broker or the database is away: the row stays unsent, a timer relays it.
    """
    try:
        await services.job_queue.send(message, due_at)
        scope = services.database.tenant(message.tenant_id, [message.app_id], is_single=True)
        async with scope as connection:
            now = services.clock.now()
            await mark_sent(connection, [(message.job_id, message.attempt, now)])
    except FaultError as error:
        log.warning("doorbell_deferred", job_id=str(message.job_id), detail=error.detail)
        return False
    return True
