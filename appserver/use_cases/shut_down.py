"""End in order: admit nothing, finish what runs, then let the server close."""

import asyncio

import structlog

from appserver.services import Services

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


async def shut_down(services: Services, notice_s: float, grace_s: float) -> None:
    """Return when nothing is being solved any more, or when the grace is over.

    Args:
        services: the process's; from now on they admit nothing, and `/readyz` says no.
        notice_s: how long to go on listening at least, for load balancers to notice.
        grace_s: how long solves may go on; later, long ones are reported as failed.
    """
    services.drain.begin()
    _log.info("drain_begun", solves=len(services.flights), long_solves=len(services.long_solves))
    await asyncio.gather(
        asyncio.sleep(notice_s),
        services.flights.finish(grace_s),
        services.long_solves.finish(grace_s),
    )
    _log.info("drain_finished", solves=len(services.flights))
