"""Take a preview from the tenant's quota before anything else is done for it."""

from functions.domain.caller import Caller
from functions.domain.preview import preview_quota
from functions.domain.rate import Rate
from functions.services import Services
from functions.store.rate_limits import Spending
from functions.use_cases.require_app import require_app
from functions.use_cases.spend_rate import spend_rate


async def admit_preview(services: Services, caller: Caller, app_id: str) -> Rate:
    """Spend one of `preview_rps` of the app's policy, on every instance alike.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
        RateLimitedError: it does not fit now; nothing was spent.
        FaultError: PostgreSQL does not answer.
    """
    require_app(services, caller, app_id)
    quota = preview_quota(services.registry.policy(app_id))
    wanted = Spending(caller.tenant_id, app_id, "preview", quota, 1)
    return await spend_rate(services.database, wanted)
