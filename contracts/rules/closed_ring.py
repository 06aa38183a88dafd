"""`closed_ring`: the last point of a ring repeats the first."""

from pydantic import JsonValue


def closed_ring(value: JsonValue) -> str | None:
    """Check `[[x, y], ...]`; equality is exact, as in RFC 7946 section 3.1.6."""
    if not isinstance(value, list) or not value or value[0] == value[-1]:
        return None
    return f"The ring is open: it starts at {value[0]} but ends at {value[-1]}."
