"""Who passes: grants, and rates of each tenant."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from appserver.admission.errors import ForbiddenError, RateLimitedError
from appserver.admission.gate import Gate, GateRules
from appserver.admission.rates import MAX_BUCKETS, RateKey, Rates
from contracts.registry import Registry
from contracts.wire.grant import sign_grant

KEY = b"k" * 32
NOW = datetime(2026, 7, 1, tzinfo=UTC)
A, B = UUID(int=1), UUID(int=2)


class Watch:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def gate(registry: Registry, watch: Watch, key: bytes | None = KEY, *, bare: bool = False) -> Gate:
    return Gate(GateRules(key, bare, 0), registry.policies, lambda: NOW, watch)


def test_a_tenant_needs_a_grant_for_this_app(registry: Registry) -> None:
    checked = gate(registry, Watch())
    grant = sign_grant(KEY, "sitefit", A, NOW + timedelta(minutes=1))
    checked.check_grant(grant, "sitefit", A)
    for text, tenant_id in ((None, A), ("", A), (grant, B), (grant + "x", A)):
        with pytest.raises(ForbiddenError):
            checked.check_grant(text, "sitefit", tenant_id)
    with pytest.raises(ForbiddenError):
        checked.check_grant(grant, "daylight", A)


def test_nobody_is_let_in_only_by_the_setting_for_development(registry: Registry) -> None:
    gate(registry, Watch(), bare=True).check_grant(None, "sitefit", None)
    with pytest.raises(ForbiddenError, match="tenant_id"):
        gate(registry, Watch()).check_grant(None, "sitefit", None)


def test_each_tenant_has_a_rate_of_its_own_and_is_told_when_to_come_back(
    registry: Registry,
) -> None:
    watch = Watch()
    checked = gate(registry, watch)
    per_s = int(registry.policies["sitefit"].rate_limits.preview_rps)
    for _ in range(per_s):
        checked.take_rate("sitefit", A, "preview")
    with pytest.raises(RateLimitedError) as caught:
        checked.take_rate("sitefit", A, "preview")
    assert caught.value.retry_after_s == 1
    checked.take_rate("sitefit", B, "preview")
    checked.take_rate("sitefit", A, "batch")
    watch.now_s += 1 / per_s
    checked.take_rate("sitefit", A, "preview")


def test_buckets_are_bounded_and_the_busiest_are_kept() -> None:
    rates = Rates(Watch())
    busy = RateKey("sitefit", "busy", "batch")
    rates.take(busy, 1, 3)
    for number in range(MAX_BUCKETS - 1):
        rates.take(RateKey("sitefit", str(number), "batch"), 1, 3)
    rates.take(busy, 1, 3)
    rates.take(RateKey("sitefit", "one more", "batch"), 1, 3)
    rates.take(busy, 1, 3)
    with pytest.raises(RateLimitedError):
        rates.take(busy, 1, 3)
    assert len(rates._buckets) == MAX_BUCKETS
