"""Send the doorbells of jobs that were just written."""

from collections.abc import Sequence

import structlog

from contracts.wire.message import JobMessage
from functions.domain.errors import FaultError
from functions.services import Services
from functions.use_cases.mark_sent_soon import mark_sent_soon

log = structlog.stdlib.get_logger("kuduso")


async def ring_doorbells(services: Services, messages: Sequence[JobMessage]) -> int:
    """Send each; they are marked soon.

    Args:
        services: the queue and the database.
        messages: of one tenant and app.

    Returns:
        How many were sent; it ends at the first that the broker does not take.
    """
    sent: list[JobMessage] = []
    try:
        for message in messages:
            await services.job_queue.send(message)
            sent.append(message)
    except FaultError as error:
        log.warning("doorbells_deferred", count=len(messages) - len(sent), detail=error.detail)
    mark_sent_soon(services, sent)
    return len(sent)
