"""Workers that may stop existing, or freeze, between any two effects of theirs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.wire.message import JobMessage
from contracts.wire.solve import SolveAnswer
from functions.clients.appserver import AppServer
from functions.clients.clock import Clock
from functions.clients.errands import Errands
from functions.domain.errors import FaultError, JobFailedError
from functions.domain.job import Run
from functions.store.tenant import Connection, Database


class WorldClock(Clock):
    """Stands still until the test moves it; forward only."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def now(self) -> datetime:
        return self.at

    def jitter(self) -> float:
        return 0.5


@dataclass(eq=False)
class Worker:
    """One process: what it does next is decided by the test.

    `fuse` counts its effects; the process ends at the last of them, before or after it.
    """

    number: int
    clock: WorldClock
    changed: Callable[[], None]
    fuse: int | None = None
    is_dead: bool = False
    is_frozen: bool = False
    is_solving: bool = False
    thaw: asyncio.Future[None] | None = None
    holds: JobMessage | None = None
    task: asyncio.Task[Any] | None = None
    alarms: list[tuple[datetime, asyncio.Future[None]]] = field(default_factory=list)

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        self.task = asyncio.create_task(work)
        self.task.add_done_callback(lambda _task: self.changed())

    @property
    def is_over(self) -> bool:
        return self.task is not None and self.task.done()

    @property
    def is_parked(self) -> bool:
        """Whether it does nothing until the test does something."""
        is_held = self.thaw is not None and not self.thaw.done()
        beats = any(not alarm.done() for _, alarm in self.alarms)
        waits = (self.is_solving or is_held) and beats
        # The heartbeat sleeps, and so does who was turned away by the engine.
        rests = sum(not alarm.done() for _, alarm in self.alarms) > 1
        return self.is_over or self.is_dead or waits or rests

    async def effect(self) -> None:
        """Called before and after each effect."""
        if self.fuse is not None:
            self.fuse -= 1
            self.is_dead = self.is_dead or self.fuse <= 0
        if self.is_dead:
            self.changed()
            await asyncio.Event().wait()

    async def sleep(self, duration_s: float) -> None:
        alarm = asyncio.get_running_loop().create_future()
        self.alarms.append((self.clock.now() + timedelta(seconds=duration_s), alarm))
        self.changed()
        try:
            await alarm
        finally:
            self.alarms = [(at, other) for at, other in self.alarms if other is not alarm]

    async def go_on(self) -> None:
        """Return at once, or when the frozen process thaws."""
        if self.is_frozen:
            self.thaw = asyncio.get_running_loop().create_future()
            self.changed()
            await self.thaw

    def wake(self) -> None:
        """Let the alarms ring that are due, unless the process is frozen."""
        if self.thaw is not None and not self.is_frozen and not self.thaw.done():
            self.thaw.set_result(None)
        for at, alarm in self.alarms:
            if at <= self.clock.now() and not self.is_frozen and not alarm.done():
                alarm.set_result(None)


class WorkerClock(Clock):
    """The world's time, this worker's sleep."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def now(self) -> datetime:
        return self._worker.clock.now()

    def jitter(self) -> float:
        return self._worker.clock.jitter()

    async def sleep(self, duration_s: float) -> None:
        await self._worker.sleep(duration_s)


class MortalDatabase:
    """The real database; the worker may end before, inside or after each transaction."""

    def __init__(self, database: Database, worker: Worker, committed: Callable[[], None]) -> None:
        self._database, self._worker, self._committed = database, worker, committed

    def tenant(
        self, tenant_id: UUID, app_ids: Iterable[str], *, is_single: bool = False
    ) -> AbstractAsyncContextManager[Connection]:
        return self._mortal(self._database.tenant(tenant_id, app_ids, is_single=is_single))

    def platform(
        self, app_ids: Iterable[str], *, is_single: bool = False
    ) -> AbstractAsyncContextManager[Connection]:
        return self._mortal(self._database.platform(app_ids, is_single=is_single))

    @asynccontextmanager
    async def _mortal(
        self, scope: AbstractAsyncContextManager[Connection]
    ) -> AsyncIterator[Connection]:
        await self._worker.effect()
        async with scope as connection:
            yield connection
            await self._worker.effect()
        self._committed()
        await self._worker.effect()


@dataclass(slots=True)
class Broker:
    """Messages on their way; the test delivers, repeats, reorders and loses them."""

    messages: list[tuple[JobMessage, datetime | None]] = field(default_factory=list)
    is_away: bool = False


class MortalQueue:
    """The sending side of the broker, for one worker."""

    def __init__(self, broker: Broker, worker: Worker) -> None:
        self._broker, self._worker = broker, worker

    async def send(self, message: JobMessage, due_at: datetime | None = None) -> None:
        await self._worker.effect()
        if self._broker.is_away:
            raise FaultError("The queue does not answer.")
        self._broker.messages.append((message, due_at))
        await self._worker.effect()


class NoErrands(Errands):
    """Every process ends before its errands begin: timers must do without them."""

    def ask(self, name: str, errand: Callable[[], Awaitable[None]]) -> None:
        pass


class MortalAppServer:
    """The real client; remembers which run each answer was for."""

    def __init__(self, client: AppServer, worker: Worker, answered: dict[int, Run]) -> None:
        self._client, self._worker, self._answered = client, worker, answered

    async def solve(self, run: Run, timeout_s: float) -> SolveAnswer:
        await self._worker.effect()
        self._worker.is_solving = True
        try:
            answer = await self._client.solve(run, timeout_s)
        except JobFailedError:
            await self._come_back()
            raise
        finally:
            self._worker.is_solving = False
            self._worker.changed()
        await self._come_back()
        number = answer.outputs["result"]
        assert isinstance(number, int)
        self._answered[number] = run
        await self._worker.effect()
        return answer

    async def _come_back(self) -> None:
        """A frozen process reads the answer when it thaws."""
        self._worker.is_solving = False
        await self._worker.go_on()
