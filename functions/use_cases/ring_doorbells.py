"""Send the doorbells of jobs that were just written."""

from collections.abc import Sequence

import structlog

from contracts.wire.message import JobMessage
from functions.domain.errors import FaultError
from functions.services import Services
from functions.store.outbox import mark_sent

log = structlog.stdlib.get_logger("kuduso")


async def ring_doorbells(services: Services, messages: Sequence[JobMessage]) -> int:
    """Send, then mark all at once.

    What a crash leaves unmarked a timer sends again; the broker drops the repetition by its id.

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
    if sent:
        await _mark(services, sent)
    return len(sent)


async def _mark(services: Services, sent: Sequence[JobMessage]) -> None:
    now = services.clock.now()
    try:
        async with services.database.tenant(sent[0].tenant_id, [sent[0].app_id]) as connection:
            for message in sent:
                await mark_sent(connection, message.job_id, message.attempt, now)
    except FaultError as error:
        log.warning("doorbells_unmarked", count=len(sent), detail=error.detail)
