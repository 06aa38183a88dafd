"""What an attempt at a delivery comes to, and when the next one is due."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from functions.domain.webhook import DeliveryRecord

_S, _MIN, _H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
# After the first attempt, the second, ...; Source: Standard Webhooks 1.0.0, "Retry schedule".
DELAYS = (5 * _S, 5 * _MIN, 30 * _MIN, 2 * _H, 5 * _H, 10 * _H, 14 * _H, 20 * _H, 24 * _H)
MAX_DELAY = 24 * _H
JITTER = 0.2
OK, REDIRECT, GONE = 200, 300, 410


@dataclass(frozen=True, slots=True)
class Reply:
    """What a receiver answered: a status, or why there is none."""

    status_code: int | None
    error: str | None = None
    retry_after: timedelta | None = None

    @property
    def is_success(self) -> bool:
        """Whether the receiver took the delivery; a redirect is not followed and a failure."""
        return self.status_code is not None and OK <= self.status_code < REDIRECT

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more deliveries."""
        return self.status_code == GONE


def conclude_attempt(reply: Reply, attempts: int, now: datetime, jitter: float) -> DeliveryRecord:
    """Delivered, failed for good, or pending until the next attempt.

    Args:
        reply: of this attempt.
        attempts: made so far, this one included.
        now: when it ended.
        jitter: uniform in [0, 1); adds up to a fifth of the delay.
    """
    if reply.is_success:
        return DeliveryRecord("delivered", reply.status_code, delivered_at=now)
    error = reply.error or f"The receiver answered with status {reply.status_code}."
    if reply.is_gone or attempts > len(DELAYS):
        return DeliveryRecord("failed", reply.status_code, error)
    delay = DELAYS[attempts - 1] * (1 + JITTER * jitter)
    if reply.retry_after is not None:
        delay = max(delay, min(reply.retry_after, MAX_DELAY))
    return DeliveryRecord("pending", reply.status_code, error, next_attempt_at=now + delay)


def read_retry_after(text: str | None, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date (RFC 9110, section 10.2.3); anything else counts as missing."""
    if not text:
        return None
    if text.isascii() and text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), MAX_DELAY)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(at - now, timedelta())
