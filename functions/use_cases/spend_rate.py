"""Take units from a tenant's quota, on every instance alike."""

from functions.domain.rate import Rate
from functions.store.rate_limits import Spending, refusal, spend
from functions.store.tenant import Database


async def spend_rate(database: Database, wanted: Spending) -> Rate:
    """What is left after it.

    It is a transaction of its own, so that the row is not locked while anything else is written.

    Raises:
        RateLimitedError: the units do not fit now; nothing was spent.
        FaultError: PostgreSQL does not answer.
    """
    tenant_id, app_ids = wanted.tenant_id, [wanted.app_id]
    async with database.tenant(tenant_id, app_ids, is_single=True) as connection:
        rate = await spend(connection, wanted)
    if rate is None:
        async with database.tenant(tenant_id, app_ids, is_single=True) as connection:
            raise await refusal(connection, wanted)
    return rate
