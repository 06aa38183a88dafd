"""Why a request is not admitted.

AppServerError
├── ForbiddenError          no grant for this tenant and app
├── UnknownSolveError       no such solve that nobody waits for
└── RefusedForNowError      a later try may be admitted: `retry_after_s` is an honest guess
    ├── SeatsExhaustedError     every seat of the app's lane is taken
    ├── RateLimitedError        the tenant asks faster than the app's policy allows
    └── DrainingError           this process is about to end
"""

from math import ceil

from appserver.domain.errors import AppServerError


class ForbiddenError(AppServerError):
    """The caller shows no grant for this tenant and app."""

    code = "forbidden"


class UnknownSolveError(AppServerError):
    """The solve is unknown here: it never was, it is long over, or another process has it."""

    code = "not_found"


class RefusedForNowError(AppServerError):
    """Not now; whole seconds, at least one."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = max(1, ceil(retry_after_s))


class SeatsExhaustedError(RefusedForNowError):
    """No seat became free in the short time that a request may wait."""

    code = "seats_exhausted"


class RateLimitedError(RefusedForNowError):
    """The bucket is empty until then."""

    code = "rate_limited"


class DrainingError(RefusedForNowError):
    """Another process takes over."""

    code = "engine_unreachable"
