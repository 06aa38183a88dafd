"""The clock, ids and chance of the function app; everything below takes them as arguments."""

import asyncio
import random
import secrets
from datetime import UTC, datetime
from uuid import UUID, uuid4


class Clock:
    """Instants, ids and random numbers of this process."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)

    async def sleep(self, duration_s: float) -> None:
        """Wait on this clock."""
        await asyncio.sleep(duration_s)

    def new_id(self) -> UUID:
        """A random id."""
        return uuid4()

    def jitter(self) -> float:
        """Uniform in [0, 1)."""
        return random.random()  # noqa: S311 - spreads retries, guards no secret

    def trace_ids(self) -> tuple[str, str]:
        """A fresh trace id and span id in hexadecimal."""
        return secrets.token_hex(16), secrets.token_hex(8)
