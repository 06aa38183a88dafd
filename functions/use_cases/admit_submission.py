"""Take a submission's jobs from the tenant's quota before anything else is done for it."""

from functions.domain.caller import Caller
from functions.domain.rate import Quota, Rate
from functions.services import Services
from functions.store.rate_limits import spend

WINDOW_S = 60.0


async def admit_submission(services: Services, caller: Caller, app_id: str, jobs: int) -> Rate:
    """Spend `jobs` of `batch_jobs_per_min` of the app's policy, on every instance alike.

    It is a transaction of its own, so that the row is not locked while the job is written.

    Raises:
        RateLimitedError: the jobs do not fit now; nothing was spent.
        FaultError: PostgreSQL does not answer.
    """
    limits = services.registry.policy(app_id).rate_limits
    quota = Quota("jobs", limits.batch_jobs_per_min, WINDOW_S)
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        return await spend(connection, caller.tenant_id, app_id, "batch", quota, jobs)
