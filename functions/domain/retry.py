"""When a failed run is worth another attempt, and how long to wait for it."""

from datetime import timedelta

from functions.domain.errors import KudusoError

BASE_S = 2.0
CAP_S = 300.0
NO_SEAT_S = 5.0


def retry_delay(
    error: KudusoError, attempts: int, max_attempts: int, jitter: float
) -> timedelta | None:
    """Exponential backoff with full jitter, or None when the job has failed for good.

    Where no seat was free, nothing was attempted: the job waits for one until its `queue_ttl`.

    Args:
        error: what ended the attempt.
        attempts: attempts made so far, 1 after the first.
        max_attempts: the policy's limit.
        jitter: uniform in [0, 1).

    Source: "Exponential Backoff And Jitter", AWS Architecture Blog (full jitter).
    """
    if not uses_attempt(error):
        return timedelta(seconds=max(NO_SEAT_S, error.retry_after_s or 0.0) * (1 + jitter))
    if not error.is_transient or attempts >= max_attempts:
        return None
    delay_s = jitter * min(CAP_S, BASE_S * 2 ** (attempts - 1))
    return timedelta(seconds=max(delay_s, error.retry_after_s or 0.0))


def uses_attempt(error: KudusoError) -> bool:
    """Whether something was tried; to be refused a seat costs none of `max_attempts`."""
    return error.code != "seats_exhausted"
