"""When a failed run is worth another attempt, and how long to wait for it."""

from datetime import timedelta

from functions.domain.errors import KudusoError

BASE_S = 2.0
CAP_S = 300.0


def retry_delay(
    error: KudusoError, attempts: int, max_attempts: int, jitter: float
) -> timedelta | None:
    """Exponential backoff with full jitter, or None when the job has failed for good.

    Args:
        error: what ended the attempt.
        attempts: attempts made so far, 1 after the first.
        max_attempts: the policy's limit.
        jitter: uniform in [0, 1).

    Source: "Exponential Backoff And Jitter", AWS Architecture Blog (full jitter).
    """
    if not error.is_transient or attempts >= max_attempts:
        return None
    delay_s = jitter * min(CAP_S, BASE_S * 2 ** (attempts - 1))
    return timedelta(seconds=max(delay_s, error.retry_after_s or 0.0))
