"""A task hub: runs episodes and activities of what is stored, until it is stopped."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import TypeVar

from devstack.functions_host.clock import Clock
from devstack.functions_host.durable.backlog import Backlog
from devstack.functions_host.durable.calls import Calls
from devstack.functions_host.durable.episodes import Episodes, VersionRejectedError, Written
from devstack.functions_host.durable.functions import DurableFunctions
from devstack.functions_host.durable.history import Event, EventType, event
from devstack.functions_host.durable.records import Arrival, Instance, ScheduledActivity
from devstack.functions_host.durable.store import Store
from devstack.functions_host.event_log import log_error, log_event, log_warning

_SLACK_S = 0.001
_PAUSE_AFTER_ERROR_S = 1.0


_Work = TypeVar("_Work", str, int)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many of each run at once on this host."""

    activities: int
    orchestrators: int


class TaskHub:
    """Dispatches; what clients ask of it is in `client`."""

    def __init__(
        self,
        store: Store,
        episodes: Episodes,
        functions: DurableFunctions,
        calls: Calls,
        clock: Clock,
    ) -> None:
        self._store, self._episodes, self._functions = store, episodes, functions
        self._calls, self._clock = calls, clock
        self._backlog = Backlog()
        self._lanes: list[asyncio.Task[None]] = []
        self._busy: set[asyncio.Task[None] | None] = set()
        self._ended = asyncio.Event()
        self._is_stopping = False

    async def start(self, limits: Limits) -> None:
        """Take up what a former process left and serve."""
        for instance_id, visible_at in self._store.awaited():
            self._offer_at(instance_id, visible_at)
        for number in self._store.activities():
            self._backlog.offer_activity(number)
        work = self._backlog
        lanes: list[Coroutine[object, object, None]] = [
            *(
                self._serve(work.next_instance, self._episode, work.offer)
                for _ in range(limits.orchestrators)
            ),
            *(
                self._serve(work.next_activity, self._activity, work.offer_activity)
                for _ in range(limits.activities)
            ),
        ]
        self._lanes = [asyncio.create_task(lane) for lane in lanes]
        log_event("task_hub_started", episodes=limits.orchestrators, activities=limits.activities)

    async def stop(self) -> None:
        """Begin nothing any more and wait for what runs; what is left stays stored."""
        self._is_stopping = True
        self._backlog.close()
        for lane in self._lanes:
            if lane not in self._busy:
                lane.cancel()
        await asyncio.gather(*self._lanes, return_exceptions=True)

    def notify(self, instance_id: str) -> None:
        """Something arrived for an instance."""
        self._backlog.offer(instance_id)

    async def wait_over(self, instance_id: str, timeout_s: float) -> Instance | None:
        """The instance when it is over, or as it is when the time is."""
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    instance = self._store.instance(instance_id)
                    if instance is None or instance.is_over:
                        return instance
                    await self._ended.wait()
        except TimeoutError:
            return self._store.instance(instance_id)

    async def _serve(
        self,
        take: Callable[[], Awaitable[_Work]],
        carry_out: Callable[[_Work], Awaitable[None]],
        offer_again: Callable[[_Work], None],
    ) -> None:
        lane = asyncio.current_task()
        while not self._is_stopping:
            work = await take()
            self._busy.add(lane)
            try:
                await carry_out(work)
            except Exception as error:  # noqa: BLE001 - whatever breaks one work is tried again
                log_error("task_hub_work_failed", error, work=work)
                await asyncio.sleep(_PAUSE_AFTER_ERROR_S)
                offer_again(work)
            self._busy.discard(lane)

    async def _episode(self, instance_id: str) -> None:
        try:
            written = await self._episodes.run(instance_id)
        except VersionRejectedError as error:
            # The arrivals stay: a host of a later version takes them.
            log_warning("orchestration_rejected", instance_id=instance_id, error=str(error))
            return
        finally:
            self._backlog.release(instance_id)
        if written is not None:
            self._follow(written)
        self._offer_at(instance_id, self._store.next_arrival_at(instance_id))

    def _follow(self, written: Written) -> None:
        """Offer what an episode made ready."""
        step = written.step
        for number in written.activities:
            self._backlog.offer_activity(number)
        for child, _ in step.children:
            self._backlog.offer(child.id)
        for arrival in step.arrivals:
            if arrival.instance_id != step.instance.id:
                self._backlog.offer(arrival.instance_id)
        if step.instance.is_over:
            self._ended.set()
            self._ended = asyncio.Event()

    async def _activity(self, number: int) -> None:
        scheduled = self._store.activity(number)
        if scheduled is None:
            return
        answer = await self._run_activity(scheduled)
        owner = scheduled.instance_id
        self._store.end_activity(number, Arrival(owner, scheduled.execution_id, answer))
        self._backlog.offer(owner)

    async def _run_activity(self, scheduled: ScheduledActivity) -> Event:
        name = str(scheduled.event["Name"])
        function = self._functions.activities.get(name.lower())
        if function is not None:
            return await self._calls.activity(function, scheduled, self._clock.now)
        # Scheduled by a former release of the app that had it.
        return event(
            EventType.TASK_FAILED,
            self._clock.now(),
            TaskScheduledId=scheduled.event["EventId"],
            Reason=f"The function '{name}' doesn't exist, is disabled, or is not an activity.",
            Details="",
            FailureDetails=None,
        )

    def _offer_at(self, instance_id: str, visible_at: float | None) -> None:
        if visible_at is not None:
            delay_s = visible_at - self._clock.now().timestamp()
            # Never before its time: the loop's clock is not the wall's.
            self._backlog.offer_in(instance_id, delay_s + _SLACK_S if delay_s > 0 else 0)
