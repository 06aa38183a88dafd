"""Read a job again and again until it is what somebody waits for."""

import asyncio
from collections.abc import Callable
from uuid import UUID

from functions.domain.caller import Caller
from functions.domain.job import Job
from functions.services import Services
from functions.use_cases.get_job import get_job

FIRST_PAUSE_S, LAST_PAUSE_S, GROWTH = 0.02, 0.5, 1.5


async def poll_job(
    services: Services,
    caller: Caller,
    job_id: UUID,
    wait_s: float,
    is_enough: Callable[[Job], bool],
) -> Job:
    """The job once it is enough, or as it is after `wait_s`.

    Each reading is a transaction of its own: no connection is held in between.

    Raises:
        NotFoundError: there is no such job for this tenant, or it was erased meanwhile.
    """
    clock = asyncio.get_running_loop().time
    ends_at, pause_s = clock() + wait_s, FIRST_PAUSE_S
    job = await get_job(services, caller, job_id, None)
    while not is_enough(job) and (left_s := ends_at - clock()) > 0:
        await asyncio.sleep(min(pause_s, left_s))
        pause_s = min(pause_s * GROWTH, LAST_PAUSE_S)
        job = await get_job(services, caller, job_id, None)
    return job
