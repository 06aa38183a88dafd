"""Admit a request to an app: grant, rate, and the seats of its lane."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from appserver.admission.errors import ForbiddenError
from appserver.admission.rates import RateKey, Rates
from appserver.admission.seats import Lane
from contracts.policy import Policy
from contracts.wire.grant import GrantError, check_grant

LaneName = Literal["batch", "preview"]
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class GateRules:
    """What settings say: the key of grants (None: none are asked for), and patience for a seat."""

    grant_key: bytes | None
    allow_bare_inputs: bool
    seat_wait_s: float


@dataclass(frozen=True, slots=True)
class Gate:
    """One for the process; lanes are made when an app is first asked for."""

    rules: GateRules
    policies: Mapping[str, Policy]
    now: Callable[[], datetime]
    monotonic_s: Callable[[], float] = time.monotonic
    _rates: Rates = field(init=False)
    _lanes: dict[tuple[str, LaneName], Lane] = field(
        init=False, default_factory=dict[tuple[str, LaneName], Lane]
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rates", Rates(self.monotonic_s))

    def check_grant(self, grant: str | None, app_id: str, tenant_id: UUID | None) -> None:
        """Return if the function app says that the tenant may use the app.

        Raises:
            ForbiddenError: it does not, or nobody is named where a tenant is needed.
        """
        if tenant_id is None:
            if not self.rules.allow_bare_inputs:
                raise ForbiddenError("Name app_id and tenant_id beside the inputs.")
        elif self.rules.grant_key is not None:
            try:
                check_grant(self.rules.grant_key, grant or "", app_id, tenant_id, self.now())
            except GrantError as error:
                raise ForbiddenError(str(error)) from error

    def take_rate(self, app_id: str, tenant_id: UUID | None, lane: LaneName) -> None:
        """Count one request of a tenant.

        Raises:
            RateLimitedError: the policy allows no more for now.
        """
        limits = self.policies[app_id].rate_limits
        key = RateKey(app_id, str(tenant_id), lane)
        if lane == "preview":
            self._rates.take(key, limits.preview_rps, max(1.0, limits.preview_rps))
        else:
            per_min = limits.batch_jobs_per_min
            self._rates.take(key, per_min / _MINUTE_S, max(1.0, per_min))

    def seats(self, app_id: str, lane: LaneName, weight: int) -> AbstractAsyncContextManager[None]:
        """Hold seats for a solve. A preview does not wait.

        Raises:
            SeatsExhaustedError: none is free.
        """
        wait_s = self.rules.seat_wait_s if lane == "batch" else 0.0
        return self._lane(app_id, lane).hold(weight, wait_s)

    def lanes(self) -> list[tuple[str, LaneName, Lane]]:
        """Every lane that was ever asked for."""
        return [(app_id, name, lane) for (app_id, name), lane in self._lanes.items()]

    def _lane(self, app_id: str, name: LaneName) -> Lane:
        lane = self._lanes.get((app_id, name))
        if lane is None:
            policy = self.policies[app_id]
            seats = policy.preview_seats if name == "preview" else policy.batch_seats
            lane = self._lanes[app_id, name] = Lane(name, seats, self.monotonic_s)
        return lane
