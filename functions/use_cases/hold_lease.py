"""Keep a job's lease while something runs; stop that when the lease or the wish for it is gone."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import structlog

from functions.domain.errors import FaultError
from functions.domain.job import Run
from functions.services import Services
from functions.store.runs import read_beat, renew_lease

T = TypeVar("T")
BEAT_S = 1.0
log = structlog.stdlib.get_logger("kuduso")


class LeaseLostError(Exception):
    """Somebody else holds the job now; whatever this run found must not be written."""


class CancelRequestedError(Exception):
    """The tenant wants the job to stop; the work has been cancelled."""


async def hold_lease(services: Services, run: Run, work: Coroutine[Any, Any, T]) -> T:
    """Await `work` while a heartbeat reads the cancel flag and renews the lease.

    The flag is read every second, the lease renewed three times in its life.

    Raises:
        LeaseLostError: the lease is somebody else's.
        CancelRequestedError: the tenant asked for it.
    """
    working = asyncio.create_task(work)
    beating = asyncio.create_task(_beat_until_over(services, run))
    try:
        await asyncio.wait({working, beating}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise await beating  # a defect in the heartbeat shows here as itself
        return working.result()
    finally:
        for task in (working, beating):
            task.cancel()
        await asyncio.gather(working, beating, return_exceptions=True)


async def _beat_until_over(services: Services, run: Run) -> LeaseLostError | CancelRequestedError:
    lease_s = services.settings.lease_s
    pause_s = min(BEAT_S, lease_s / 3)
    renew_at = services.clock.now() + timedelta(seconds=lease_s / 3)
    while True:
        await services.clock.sleep(pause_s)
        now = services.clock.now()
        try:
            async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
                beat = await read_beat(connection, run)
                if beat == "held" and now >= renew_at:
                    is_held = await renew_lease(connection, run, now + timedelta(seconds=lease_s))
                    beat = "held" if is_held else "lost"
                    renew_at = now + timedelta(seconds=lease_s / 3)
        except FaultError as error:
            # More beats fit into the lease; after it another worker may take the job over and
            # the fencing token keeps this one from writing.
            log.warning("heartbeat_failed", job_id=str(run.job_id), detail=error.detail)
            continue
        if beat == "lost":
            return LeaseLostError()
        if beat == "cancelled":
            return CancelRequestedError()
