"""When a failed run is worth another attempt, and how long to wait for it."""

from datetime import timedelta

from functions.domain.errors import KudusoError

BASE_S = 2.0
CAP_S = 300.0
NO_ROOM_S = 5.0
# The AppServer turned the run away before it began: neither its fault nor an attempt.
TURNED_AWAY = ("seats_exhausted", "rate_limited")


def retry_delay(
    error: KudusoError, attempts: int, max_attempts: int, jitter: float
) -> timedelta | None:
    """Exponential backoff with full jitter, or None when the job has failed for good.

    Who was turned away attempted nothing: the job waits for room until its `queue_ttl`.

    Args:
        error: what ended the attempt.
        attempts: attempts made so far, 1 after the first.
        max_attempts: the policy's limit.
        jitter: uniform in [0, 1).

    Source: "Exponential Backoff And Jitter", AWS Architecture Blog (full jitter).
    """
    if not uses_attempt(error):
        return timedelta(seconds=max(NO_ROOM_S, error.retry_after_s or 0.0) * (1 + jitter))
    if not error.is_transient or attempts >= max_attempts:
        return None
    delay_s = jitter * min(CAP_S, BASE_S * 2 ** (attempts - 1))
    return timedelta(seconds=max(delay_s, error.retry_after_s or 0.0))


def uses_attempt(error: KudusoError) -> bool:
    """Whether something was tried; to be turned away costs none of `max_attempts`."""
    return error.code not in TURNED_AWAY
