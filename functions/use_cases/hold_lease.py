"""Keep a job's lease while something runs, and stop that when the lease is lost."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import structlog

from functions.domain.errors import FaultError
from functions.domain.job import Run
from functions.services import Services
from functions.store.runs import renew_lease

T = TypeVar("T")
log = structlog.stdlib.get_logger("kuduso")


class LeaseLostError(Exception):
    """Somebody else holds the job now; whatever this run found must not be written."""


async def hold_lease(services: Services, run: Run, work: Coroutine[Any, Any, T]) -> T:
    """Await `work` while a heartbeat renews the lease three times in its life.

    Raises:
        LeaseLostError: the lease is somebody else's; `work` has been cancelled.
    """
    working = asyncio.create_task(work)
    beating = asyncio.create_task(_renew_until_lost(services, run))
    try:
        await asyncio.wait({working, beating}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            await beating  # a defect in the heartbeat shows here instead of a lost lease
            raise LeaseLostError
        return working.result()
    finally:
        for task in (working, beating):
            task.cancel()
        await asyncio.gather(working, beating, return_exceptions=True)


async def _renew_until_lost(services: Services, run: Run) -> None:
    lease = timedelta(seconds=services.settings.lease_s)
    while True:
        await asyncio.sleep(services.settings.lease_s / 3)
        try:
            async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
                if not await renew_lease(connection, run, services.clock.now() + lease):
                    return
        except FaultError as error:
            # Two more beats fit into the lease; after that another worker may take the job over
            # and the fencing token keeps this one from writing.
            log.warning("lease_renewal_failed", job_id=str(run.job_id), detail=error.detail)
