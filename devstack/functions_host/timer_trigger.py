"""Timer triggers: NCRONTAB schedules in UTC, never two runs of one timer at once.

A run that falls due during another run of the timer is skipped. Source: TimerListener.cs and
StorageScheduleMonitor.cs of azure-webjobs-sdk-extensions.
"""

import asyncio
from dataclasses import dataclass

from devstack.functions_host.app_settings import AppSettings
from devstack.functions_host.clock import Clock
from devstack.functions_host.errors import AppLoadError
from devstack.functions_host.event_log import log_event
from devstack.functions_host.function import Function
from devstack.functions_host.ncrontab import next_due_at
from devstack.functions_host.runner import Runner
from devstack.functions_host.timer_state import TimerState
from devstack.functions_host.wire import ScheduleStatus, timer_datum

_SHORTEST_MONITORED_S = 60.0


@dataclass(frozen=True, slots=True)
class TimerSchedule:
    """What the binding of a timer says."""

    expression: str
    runs_on_startup: bool
    is_monitored: bool


def timer_schedule(function: Function, settings: AppSettings, clock: Clock) -> TimerSchedule:
    """Read and check the binding; schedules shorter than a minute are not monitored.

    Raises:
        AppLoadError: the expression is wrong.
        SettingError: a placeholder of the expression is not set.
    """
    wanted_by = f"the schedule of function {function.name}"
    expression = settings.resolve(function.trigger.text("schedule"), wanted_by)
    try:
        first = next_due_at(expression, clock.now())
        second = next_due_at(expression, first)
    except ValueError as error:
        raise AppLoadError(f"{wanted_by}: {error}") from error
    return TimerSchedule(
        expression=expression,
        runs_on_startup=function.trigger.flag("runOnStartup", default=False),
        is_monitored=function.trigger.flag("useMonitor", default=True)
        and (second - first).total_seconds() >= _SHORTEST_MONITORED_S,
    )


class TimerTrigger:
    """Runs one function whenever its schedule is due."""

    def __init__(
        self,
        function: Function,
        schedule: TimerSchedule,
        state: TimerState,
        clock: Clock,
        runner: Runner,
    ) -> None:
        self._function, self._schedule = function, schedule
        self._state, self._clock, self._runner = state, clock, runner
        self._turn = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._is_waiting = self._is_stopping = False

    async def start(self) -> None:
        """Begin to wait for the schedule; a start-up run happens behind this call."""
        self._task = asyncio.create_task(self._serve())

    async def stop(self) -> None:
        """Wait no more; a run that has begun goes on."""
        self._is_stopping = True
        if self._task is None:
            return
        if self._is_waiting:
            self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def run_now(self, *, is_past_due: bool = False) -> None:
        """Run the function once, after a run that is under way."""
        async with self._turn:
            if self._is_stopping:
                return
            status = self._status()
            trigger = timer_datum(status, is_past_due=is_past_due)
            started_at = self._clock.now()
            await self._runner.run(self._function, trigger, {})
            if self._schedule.is_monitored:
                due_at = next_due_at(self._schedule.expression, self._clock.now())
                done = ScheduleStatus(started_at, due_at, self._clock.now())
                self._state.save(self._function.name, done)

    async def _serve(self) -> None:
        await self._run_at_start()
        while not self._is_stopping:
            due_at = next_due_at(self._schedule.expression, self._clock.now())
            self._is_waiting = True
            await self._clock.sleep_until(due_at)
            self._is_waiting = False
            await self.run_now()

    async def _run_at_start(self) -> None:
        status, expression = self._status(), self._schedule.expression
        # Counted again from the end of the last run: the schedule may have changed since.
        is_past_due = (
            status is not None and next_due_at(expression, status.updated_at) < self._clock.now()
        )
        if is_past_due or self._schedule.runs_on_startup:
            log_event("timer_run_at_start", function=self._function.name, is_past_due=is_past_due)
            await self.run_now(is_past_due=is_past_due)

    def _status(self) -> ScheduleStatus | None:
        """The monitored status; the first start of a timer writes one."""
        if not self._schedule.is_monitored:
            return None
        status = self._state.read(self._function.name)
        if status is None:
            now = self._clock.now()
            status = ScheduleStatus(None, next_due_at(self._schedule.expression, now), now)
            self._state.save(self._function.name, status)
        return status
