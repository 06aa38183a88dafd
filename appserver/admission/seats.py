"""The seats of one app's lane in this process: how many solves the engine is given at once."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from appserver.admission.errors import SeatsExhaustedError

# How much the latest solve counts in the mean.
_SHARE = 0.2


class _Waiter(NamedTuple):
    weight: int
    granted: asyncio.Future[None]


@dataclass(slots=True)
class Lane:
    """Seats are taken in the order of asking; a solve heavier than the lane takes all of it."""

    name: str
    seats: int
    monotonic_s: Callable[[], float]
    in_use: int = 0
    _mean_s: float | None = None
    _begun_s: dict[int, float] = field(default_factory=dict[int, float])
    _count: int = 0
    _waiters: deque[_Waiter] = field(default_factory=deque[_Waiter])

    @asynccontextmanager
    async def hold(self, weight: int, wait_s: float) -> AsyncGenerator[None]:
        """Hold seats while the block runs; they are free again however it ends.

        Raises:
            SeatsExhaustedError: none became free within `wait_s`.
        """
        taken = min(weight, self.seats)
        if not (taken and self._is_free(taken)):
            await self._wait(taken, wait_s)
        else:
            self.in_use += taken
        self._count += 1
        number, begun_s = self._count, self.monotonic_s()
        self._begun_s[number] = begun_s
        try:
            yield
        finally:
            del self._begun_s[number]
            self._note(self.monotonic_s() - begun_s)
            self._give_back(taken)

    def _is_free(self, weight: int) -> bool:
        return not self._waiters and self.in_use + weight <= self.seats

    async def _wait(self, weight: int, wait_s: float) -> None:
        if self.seats == 0 or wait_s <= 0:
            raise self._refusal()
        waiter = _Waiter(weight, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(wait_s):
                await waiter.granted
        except BaseException as error:
            self._leave(waiter)
            if isinstance(error, TimeoutError):
                raise self._refusal() from error
            raise

    def _leave(self, waiter: _Waiter) -> None:
        if waiter in self._waiters:
            self._waiters.remove(waiter)
            self._grant()
        elif not waiter.granted.cancelled():
            # Granted in the same turn of the loop in which the wait ended.
            self._give_back(waiter.weight)

    def _give_back(self, weight: int) -> None:
        self.in_use -= weight
        self._grant()

    def _grant(self) -> None:
        while self._waiters and self.in_use + self._waiters[0].weight <= self.seats:
            waiter = self._waiters.popleft()
            self.in_use += waiter.weight
            waiter.granted.set_result(None)

    def _note(self, held_s: float) -> None:
        mean_s = held_s if self._mean_s is None else self._mean_s
        self._mean_s = mean_s + _SHARE * (held_s - mean_s)

    def _refusal(self) -> SeatsExhaustedError:
        message = f"Every {self.name} seat of the app is taken."
        return SeatsExhaustedError(message, self.retry_after_s())

    def retry_after_s(self) -> float:
        """When the solve that began first will end, if it takes as long as the others did."""
        if not self._begun_s:
            return 0
        age_s = self.monotonic_s() - next(iter(self._begun_s.values()))
        expected_s = age_s if self._mean_s is None else self._mean_s - age_s
        return max(0.0, expected_s)
