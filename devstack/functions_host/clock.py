"""The clock of the timers, so that tests can bring their own."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells and waits for time."""

    def now(self) -> datetime:
        """The instant, aware UTC."""
        ...

    async def sleep_until(self, instant: datetime) -> None:
        """Return at or after an instant, never before it."""
        ...


class SystemClock:
    """The machine's clock."""

    # A sleep is cut into pieces so that a changed clock or a suspended laptop is noticed.
    _PIECE_S = 30.0

    def now(self) -> datetime:
        """The instant, aware UTC."""
        return datetime.now(UTC)

    async def sleep_until(self, instant: datetime) -> None:
        """Return at or after an instant, never before it."""
        remaining_s = (instant - self.now()).total_seconds()
        if remaining_s > 0:
            await asyncio.sleep(min(remaining_s, self._PIECE_S))
            await self.sleep_until(instant)
