"""Have an orchestration lead a long run, or tell the one that does of a change."""

from uuid import UUID

import structlog

from functions.clients.orchestrations import Orchestrations
from functions.domain.errors import FaultError, JobFailedError
from functions.domain.long_run import LongRun

ORCHESTRATION = "lead_long_run"
CHANGED = "long_run_changed"
log = structlog.stdlib.get_logger("kuduso")


async def start_long_run(orchestrations: Orchestrations | None, run: LongRun) -> None:
    """Start the job's one orchestration, whose id is the job's.

    One that still leads an earlier attempt is told instead: it goes on with the present one.

    Raises:
        JobFailedError: there is no task hub now; another attempt may find it.
    """
    if orchestrations is None:
        raise JobFailedError("There is no task hub here.", code="engine_unreachable")
    try:
        if await orchestrations.start(ORCHESTRATION, str(run.job_id), run.to_json()):
            return
        await orchestrations.wake(str(run.job_id), CHANGED)
    except FaultError as error:
        raise JobFailedError(error.detail, code="engine_unreachable") from error


async def wake_long_run(orchestrations: Orchestrations | None, job_id: UUID) -> None:
    """Have the orchestration look now; unheard, it looks when its timer fires."""
    if orchestrations is None:
        return
    try:
        await orchestrations.wake(str(job_id), CHANGED)
    except FaultError as error:
        log.warning("long_run_wake_deferred", job_id=str(job_id), detail=error.detail)
