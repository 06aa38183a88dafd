"""Start the orchestrations of long runs that nobody leads."""

import structlog

from functions.clients.orchestrations import Orchestrations
from functions.services import Services
from functions.store.long_runs import list_unled
from functions.use_cases.start_long_run import ORCHESTRATION

PAGE = 50
log = structlog.stdlib.get_logger("kuduso")


async def watch_long_runs(services: Services, orchestrations: Orchestrations) -> int:
    """Look at one page; an orchestration that is alive is left alone.

    A task hub that was lost, or an orchestration that failed while PostgreSQL was away, does not
    cost the solve: the new one finds it in the rows.

    Returns:
        How many were started.

    Raises:
        FaultError: PostgreSQL or the task hub does not answer.
    """
    now = services.clock.now()
    async with services.database.platform(services.app_ids) as connection:
        unled = await list_unled(connection, services.app_ids, now, PAGE)
    started = 0
    for run in unled:
        if await orchestrations.start(ORCHESTRATION, str(run.job_id), run.to_json()):
            log.info("long_run_led_again", job_id=str(run.job_id))
            started += 1
    return started
