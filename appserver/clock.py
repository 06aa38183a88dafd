"""The AppServer's clock and its source of ids."""

from datetime import UTC, datetime
from uuid import uuid4


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def fresh_id() -> str:
    """An id that nobody else has: 32 hexadecimal digits."""
    return uuid4().hex
