"""End jobs that waited longer than their app's policy allows."""

import structlog

from functions.domain.errors import JobFailedError
from functions.domain.job import error_record
from functions.services import Services
from functions.store.endings import expire_overdue
from functions.use_cases.send_webhooks_soon import send_webhooks_soon

PAGE = 200
log = structlog.stdlib.get_logger("kuduso")


async def expire_overdue_jobs(services: Services) -> int:
    """Expire one page.

    Returns:
        How many jobs have expired.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    now = services.clock.now()
    error = JobFailedError("The job waited too long for a seat.", code="queue_timeout")
    record = error_record(error, 0, now)
    async with services.database.platform(services.app_ids) as connection:
        expired = await expire_overdue(connection, services.app_ids, record, now, PAGE)
    if expired:
        log.warning("jobs_expired", count=expired, code=error.code)
        send_webhooks_soon(services)
    return expired
