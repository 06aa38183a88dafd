"""Start the orchestrations of studies that nobody follows."""

from datetime import timedelta

import structlog

from functions.clients.orchestrations import Orchestrations
from functions.services import Services
from functions.store.studies import list_unwatched
from functions.use_cases.start_study import start_study

# A crash between the study's commit and its start, or a lost orchestration.
UNSTARTED = timedelta(seconds=10)
UNWATCHED = timedelta(seconds=60)
PAGE = 50
log = structlog.stdlib.get_logger("kuduso")


async def watch_studies(services: Services, orchestrations: Orchestrations) -> int:
    """Look at one page; an orchestration that is alive is left alone.

    Returns:
        How many were started.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    now = services.clock.now()
    async with services.database.platform(services.app_ids) as connection:
        unwatched = await list_unwatched(
            connection,
            services.app_ids,
            unstarted_since=now - UNSTARTED,
            watched_until=now - UNWATCHED,
            limit=PAGE,
        )
    started = [key for key in unwatched if await start_study(orchestrations, key)]
    for key in started:
        log.info("study_restarted", study_id=str(key.study_id))
    return len(started)
