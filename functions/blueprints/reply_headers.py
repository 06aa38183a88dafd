"""Headers that every answer carries: security, and what a browser on another site may read.

Source: OWASP REST Security Cheat Sheet; Fetch Standard, sections 3.2 and 4.8 (CORS).
"""

from collections.abc import Mapping, Sequence

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
UNCACHED = "no-store"
ANY_ORIGIN = "*"
EXPOSED = (
    "Location, Retry-After, ETag, Link, RateLimit, RateLimit-Policy, Preference-Applied, "
    "Idempotency-Replayed, x-kuduso-hint, x-correlation-id, traceparent"
)
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE",
    "Access-Control-Allow-Headers": (
        "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Prefer, "
        "x-correlation-id, traceparent"
    ),
    "Access-Control-Max-Age": "600",
}


def cors_headers(origins: Sequence[str], origin: str | None) -> Mapping[str, str]:
    """What lets the page of an allowed origin read the answer; nothing for any other.

    Tokens travel in a header that a page sets itself, so credentials are never allowed.
    """
    if not origins:
        return {}
    if ANY_ORIGIN in origins:
        return {"Access-Control-Allow-Origin": ANY_ORIGIN, "Access-Control-Expose-Headers": EXPOSED}
    if origin is None or origin not in origins:
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": EXPOSED,
        "Vary": "Origin",
    }
