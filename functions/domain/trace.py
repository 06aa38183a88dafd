"""W3C trace context: read what the caller sent, or start a new trace.

Source: W3C Trace Context, section 3.2.
"""

import re

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_CORRELATION_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def valid_traceparent(text: str | None) -> str | None:
    """The header if it is a usable one, else None; a bad one never fails a request."""
    return text if text and _TRACEPARENT.fullmatch(text) else None


def valid_correlation_id(text: str | None) -> str | None:
    """The header if it is safe to store, log and echo, else None."""
    return text if text and _CORRELATION_ID.fullmatch(text) else None


def new_traceparent(trace_id: str, span_id: str) -> str:
    """A sampled trace of 32 and 16 hexadecimal digits."""
    return f"00-{trace_id}-{span_id}-01"
