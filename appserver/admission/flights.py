"""Equal requests share one solve."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

K = TypeVar("K")
T = TypeVar("T")


@dataclass(slots=True)
class _Flight(Generic[T]):
    task: asyncio.Task[T]
    passengers: int = 0


@dataclass(slots=True)
class Flights(Generic[K, T]):
    """Work by key; it belongs to nobody, so whoever asked first may leave.

    The work is cancelled when its last passenger leaves, who does not wait for it to end: nobody
    solves for nobody.
    """

    _flights: dict[K, _Flight[T]] = field(default_factory=dict[K, _Flight[T]])
    _leaving: set[asyncio.Task[T]] = field(default_factory=set[asyncio.Task[T]])

    async def join(self, key: K, start: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The outcome of the work for this key, begun now unless it is under way.

        Raises whatever the work raises, to all who wait for it.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(start()))
            flight.task.add_done_callback(lambda task: self._land(key, task))
        flight.passengers += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.passengers -= 1
            if flight.passengers == 0 and not flight.task.done():
                self._remove(key, flight.task)
                self._leaving.add(flight.task)
                flight.task.cancel()

    async def finish(self, grace_s: float) -> None:
        """Return when all that is under way has ended, or the grace is over."""
        tasks = [flight.task for flight in self._flights.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=grace_s)

    def __len__(self) -> int:
        return len(self._flights)

    def __contains__(self, key: K) -> bool:
        return key in self._flights

    def _land(self, key: K, task: asyncio.Task[T]) -> None:
        self._remove(key, task)
        self._leaving.discard(task)
        if not task.cancelled():
            task.exception()  # seen, also when every passenger has left

    def _remove(self, key: K, task: asyncio.Task[T]) -> None:
        flight = self._flights.get(key)
        if flight is not None and flight.task is task:
            del self._flights[key]
