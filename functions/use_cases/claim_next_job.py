"""Take the next job of an app, with a seat."""

from datetime import timedelta

from contracts.wire.message import JobMessage
from functions.domain.errors import NotFoundError
from functions.domain.job import Run
from functions.services import Services
from functions.store.runs import read_ring
from functions.store.seats import Capacity, claim_next
from functions.telemetry.spans import traced


@traced("claim")
async def claim_next_job(
    services: Services, app_id: str, rung: JobMessage | None = None
) -> Run | None:
    """The fairest due job, held by a fresh lease; None when there is none or no seat is free.

    A doorbell that was answered takes nothing: whoever answered it goes on with what waits.

    Raises:
        NotFoundError: the tenant of the doorbell has no such job.
        FaultError: PostgreSQL does not answer.
    """
    if rung is not None and not await _is_due(services, rung):
        return None
    now = services.clock.now()
    async with services.database.platform([app_id], is_single=True) as connection:
        return await claim_next(
            connection,
            capacity_of(services, app_id),
            now=now,
            lease_expires_at=now + timedelta(seconds=services.settings.lease_s),
            rung=rung,
        )


async def _is_due(services: Services, rung: JobMessage) -> bool:
    async with services.database.platform([rung.app_id], is_single=True) as connection:
        ring = await read_ring(connection, rung)
    if ring == "unknown":
        raise NotFoundError(f"There is no job {rung.job_id} of this tenant.")
    return ring == "due"


def capacity_of(services: Services, app_id: str) -> Capacity:
    """The app's seats, and what each contract takes of them."""
    policy = services.registry.policy(app_id)
    contracts = services.registry.contracts.items()
    weights = {str(ref): served.contract.manifest.concurrency.weight for ref, served in contracts}
    return Capacity(app_id, policy.batch_seats, policy.max_attempts, weights)
