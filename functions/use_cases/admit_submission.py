"""Take a submission's jobs from the tenant's quota before anything else is done for it."""

from functions.domain.caller import Caller
from functions.domain.rate import Quota, Rate
from functions.services import Services
from functions.store.rate_limits import Spending
from functions.use_cases.spend_rate import spend_rate

WINDOW_S = 60.0


async def admit_submission(services: Services, caller: Caller, app_id: str, jobs: int) -> Rate:
    """Spend `jobs` of `batch_jobs_per_min` of the app's policy, on every instance alike.

    Raises:
        RateLimitedError: the jobs do not fit now; nothing was spent.
        FaultError: PostgreSQL does not answer.
    """
    limits = services.registry.policy(app_id).rate_limits
    quota = Quota("jobs", limits.batch_jobs_per_min, WINDOW_S)
    wanted = Spending(caller.tenant_id, app_id, "batch", quota, jobs)
    return await spend_rate(services.database, wanted)
