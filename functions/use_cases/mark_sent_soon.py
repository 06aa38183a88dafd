"""Note which doorbells were sent, many at once and without holding up who sent them."""

from collections.abc import Sequence

import structlog

from contracts.wire.message import JobMessage
from functions.domain.errors import FaultError
from functions.services import Services
from functions.store.outbox import mark_sent

log = structlog.stdlib.get_logger("kuduso")


def mark_sent_soon(services: Services, sent: Sequence[JobMessage]) -> None:
    """Ask for a round of marks.

    What this process does not get to, a timer sends again; the broker drops the repetition by its
    id.
    """
    now = services.clock.now()
    services.unmarked.extend((message.job_id, message.attempt, now) for message in sent)
    services.errands.ask("mark_sent", lambda: _mark(services))


async def _mark(services: Services) -> None:
    sent = services.unmarked.copy()
    services.unmarked.clear()
    if not sent:
        return
    try:
        scope = services.database.platform(services.app_ids, is_single=True)
        async with scope as connection:
            await mark_sent(connection, sent)
    except FaultError as error:
        log.warning("doorbells_unmarked", count=len(sent), detail=error.detail)
