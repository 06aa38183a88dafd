"""Previews: what one asks for, what it comes to, and how long its seat may be held."""

import math
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from contracts.model import ContractRef, JsonObject
from contracts.policy import Policy
from contracts.wire.preview import PreviewAnswer
from functions.domain.caller import Trace
from functions.domain.rate import Quota

# Budgets nest: the AppServer keeps the timebox, the call waits longer, the seat outlives the call.
CALL_MARGIN_S = 2.0
SEAT_MARGIN_S = 3.0


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """One preview on its way to the AppServer; its inputs keep the contract."""

    tenant_id: UUID
    app_id: str
    ref: ContractRef
    inputs: JsonObject
    trace: Trace
    timebox: timedelta

    @property
    def patience_s(self) -> float:
        """How long the answer is waited for."""
        return self.timebox.total_seconds() + CALL_MARGIN_S


@dataclass(frozen=True, slots=True)
class PreviewOutcome:
    """An answer, or the hint that comes instead when nothing was at hand within the timebox."""

    answer: PreviewAnswer | None
    hint: str = ""


def seat_lease(timebox: timedelta) -> timedelta:
    """When a dead holder's seat is free again; one that lives has stopped before."""
    return timebox + timedelta(seconds=CALL_MARGIN_S + SEAT_MARGIN_S)


def preview_quota(policy: Policy) -> Quota:
    """What a tenant may spend within a second; less than one a second counts over longer."""
    rate = policy.rate_limits.preview_rps
    window_s = max(1.0, 1 / rate)
    return Quota("previews", rate * window_s, window_s)


def seat_wait_s(policy: Policy) -> int:
    """When a refused caller may come back: every preview that runs now has ended by then."""
    return max(1, math.ceil(policy.preview.timebox_ms / 1000))
