"""The AppServer's clock and its source of ids."""

from datetime import UTC, datetime
from secrets import token_hex


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def fresh_id() -> str:
    """An id that nobody else has: 32 hexadecimal digits."""
    return token_hex(16)
