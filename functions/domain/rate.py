"""Rates: how much one tenant may ask of one app, and how to tell it so.

A quota is a bucket that refills evenly. All that is kept of it is the instant at which it will be
full again: the further away, the emptier it is (the generic cell rate algorithm).

Source: ITU-T I.371; headers as in draft-ietf-httpapi-ratelimit-headers.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from contracts.wire.problem import ProblemCode
from functions.domain.errors import RejectedError

_ROUNDING_S = 1e-6


@dataclass(frozen=True, slots=True)
class Quota:
    """`limit` units may be spent at once; they come back evenly over `window_s`."""

    name: str
    limit: float
    window_s: float

    def cost_s(self, units: int) -> float:
        """How long it takes until spent units are back."""
        return units * self.window_s / self.limit

    def bar_s(self, units: int) -> float:
        """The highest debt at which these units may still be spent.

        More than the whole quota may be spent when nothing else is: a large batch is paid off
        afterwards, instead of being refused for ever.
        """
        return max(self.window_s - self.cost_s(units), 0.0)


@dataclass(frozen=True, slots=True)
class Rate:
    """A quota after a request; `debt_s` seconds from now it is full again.

    `retry_after_s` is set when the request was refused: the first moment at which it fits.
    """

    quota: Quota
    debt_s: float
    retry_after_s: int | None = None

    @property
    def remaining(self) -> int:
        """Units that may be spent at once."""
        left_s = self.quota.window_s - self.debt_s
        return max(math.floor(left_s / self.quota.cost_s(1) + _ROUNDING_S), 0)

    def headers(self) -> Mapping[str, str]:
        """`t` is the time until the quota is full; after a refusal, that of `Retry-After`."""
        name, reset_s = self.quota.name, self.retry_after_s or math.ceil(max(self.debt_s, 0.0))
        return {
            "RateLimit-Policy": (
                f'"{name}";q={math.floor(self.quota.limit)};w={math.ceil(self.quota.window_s)}'
            ),
            "RateLimit": f'"{name}";r={self.remaining};t={reset_s}',
        }


class RateLimitedError(RejectedError):
    """The quota does not hold what was asked; nothing was spent."""

    default_code: ClassVar[ProblemCode] = "rate_limited"

    def __init__(self, rate: Rate) -> None:
        quota = rate.quota
        detail = f"At most {quota.limit:g} {quota.name} in {quota.window_s:g} s for each app."
        super().__init__(detail, retry_after_s=rate.retry_after_s)
        self.rate = rate


def refused(quota: Quota, debt_s: float, units: int) -> Rate:
    """The answer to a request that does not fit: never told to come back too early."""
    wait_s = max(debt_s, 0.0) - quota.bar_s(units)
    return Rate(quota, debt_s, max(math.ceil(wait_s), 1))
