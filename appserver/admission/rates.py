"""How often one tenant may ask one app: a token bucket for each."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from appserver.admission.errors import RateLimitedError

# A forgotten bucket starts full again, so only buckets that rested longest are forgotten.
MAX_BUCKETS = 20_000


class RateKey(NamedTuple):
    """Whose bucket."""

    app_id: str
    tenant_id: str
    lane: str


class _Bucket(NamedTuple):
    tokens: float
    at_s: float


@dataclass(frozen=True, slots=True)
class Rates:
    """Buckets that fill with `per_s` and hold `burst` requests."""

    monotonic_s: Callable[[], float]
    _buckets: OrderedDict[RateKey, _Bucket] = field(default_factory=OrderedDict[RateKey, _Bucket])

    def take(self, key: RateKey, per_s: float, burst: float) -> None:
        """Take one token.

        Raises:
            RateLimitedError: the bucket is empty; says when it is not.
        """
        now_s = self.monotonic_s()
        bucket = self._buckets.pop(key, _Bucket(burst, now_s))
        tokens = min(burst, bucket.tokens + (now_s - bucket.at_s) * per_s)
        is_allowed = tokens >= 1
        self._buckets[key] = _Bucket(tokens - 1 if is_allowed else tokens, now_s)
        if len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        if not is_allowed:
            message = f"The app allows its tenants {per_s:g} {key.lane} requests a second."
            raise RateLimitedError(message, (1 - tokens) / per_s)
