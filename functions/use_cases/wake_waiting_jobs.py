"""Ring for jobs that wait although a seat is free: a doorbell was lost, or a worker had to stop."""

from datetime import datetime, timedelta

import structlog

from functions.domain.errors import FaultError
from functions.services import Services
from functions.store import preview_seats
from functions.store.seats import LANE, count_in_use, list_waiting
from functions.use_cases.claim_next_job import capacity_of

LANES = (LANE, preview_seats.LANE)
# A younger job's own doorbell is on its way.
PATIENCE = timedelta(seconds=10)
log = structlog.stdlib.get_logger("kuduso")


async def wake_waiting_jobs(services: Services) -> int:
    """Send at most one doorbell for each free seat; one too many finds nothing to do.

    Returns:
        How many doorbells were sent.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    now = services.clock.now()
    rung = 0
    for app_id in services.app_ids:
        capacity = capacity_of(services, app_id)
        async with services.database.platform([app_id]) as connection:
            waiting = await list_waiting(connection, capacity, now, now - PATIENCE)
            in_use = {lane: await count_in_use(connection, app_id, lane, now) for lane in LANES}
        for lane, weights in in_use.items():
            # Below the log's level: a figure for the metrics only.
            log.debug("seats_counted", app_id=app_id, lane=lane, in_use=weights)
        for message in waiting:
            try:
                again = message.model_copy(update={"ring": _ring_number(now)})
                await services.job_queue.send(again)
            except FaultError as error:
                log.warning("doorbell_deferred", app_id=app_id, detail=error.detail)
                return rung
            rung += 1
    return rung


def _ring_number(now: datetime) -> int:
    """Makes the message's id a new one, for the broker's duplicate detection."""
    return int(now.timestamp())
