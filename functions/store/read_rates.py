"""Rates of reads, kept in this process: a poll must not cost a write.

Each instance counts on its own, so the limit is generous; it keeps a loop that runs wild from
taking an instance away from everybody else.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

from functions.domain.rate import Quota, Rate, RateLimitedError, refused

MAX_KEPT = 10_000


class ReadRates:
    """One debt for each tenant and app; the longest unused are forgotten first."""

    def __init__(self, quota: Quota) -> None:
        self._quota = quota
        self._full_at: OrderedDict[tuple[UUID, str], datetime] = OrderedDict()

    def spend(self, tenant_id: UUID, app_id: str, now: datetime) -> Rate:
        """Count one read.

        Raises:
            RateLimitedError: the tenant reads too fast.
        """
        key, quota = (tenant_id, app_id), self._quota
        full_at = max(self._full_at.get(key, now), now)
        debt_s = (full_at - now).total_seconds()
        if debt_s > quota.bar_s(1):
            raise RateLimitedError(refused(quota, debt_s, 1))
        self._full_at[key] = full_at + timedelta(seconds=quota.cost_s(1))
        self._full_at.move_to_end(key)
        if len(self._full_at) > MAX_KEPT:
            self._full_at.popitem(last=False)
        return Rate(quota, debt_s + quota.cost_s(1))
