"""Give back the jobs whose worker stopped renewing its lease."""

from datetime import timedelta

from functions.domain.errors import JobFailedError
from functions.services import Services
from functions.store.runs import list_expired_leases
from functions.telemetry.log_lines import bind_run
from functions.use_cases.conclude_run import conclude_failure

PAGE = 100


async def recover_lost_runs(services: Services) -> int:
    """Requeue one page of lost runs; one that used up its attempts fails.

    Returns:
        How many runs were lost.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    now = services.clock.now()
    grace = timedelta(seconds=2 * services.settings.lease_s)
    async with services.database.platform(services.app_ids) as connection:
        lost = await list_expired_leases(connection, services.app_ids, now, PAGE, grace)
    for run in lost:
        error = JobFailedError("The worker stopped before the solve ended.", code="engine_error")
        bind_run(run)
        await conclude_failure(services, run, error)
    return len(lost)
