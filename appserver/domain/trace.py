"""The two names by which one request is found again on every side of the platform.

Source: W3C Trace Context, `traceparent`.
"""

import re
from dataclasses import dataclass

_CORRELATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Trace:
    """Correlation id (ours) and traceparent (OpenTelemetry's) of one request."""

    correlation_id: str
    traceparent: str | None = None

    @classmethod
    def of_headers(
        cls, correlation_id: str | None, traceparent: str | None, fallback_id: str
    ) -> "Trace":
        """Take what the caller sent where it is well formed; a bad header never fails a request."""
        known = correlation_id and _CORRELATION_ID.fullmatch(correlation_id)
        traced = traceparent and _TRACEPARENT.fullmatch(traceparent)
        return cls(
            correlation_id if correlation_id and known else fallback_id,
            traceparent if traced else None,
        )

    def headers(self) -> dict[str, str]:
        """What goes on to the next process."""
        headers = {"x-correlation-id": self.correlation_id}
        if self.traceparent is not None:
            headers["traceparent"] = self.traceparent
        return headers
