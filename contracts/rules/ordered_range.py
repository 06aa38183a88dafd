"""`ordered_range`: the minimum of a range is not above its maximum."""

from pydantic import JsonValue


def ordered_range(value: JsonValue) -> str | None:
    """Check `{"min": a, "max": b, ...}`."""
    if not isinstance(value, dict):
        return None
    low, high = value.get("min"), value.get("max")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        return f"The minimum {low} is above the maximum {high}."
    return None
