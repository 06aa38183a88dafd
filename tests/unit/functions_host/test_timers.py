"""Timers on a clock that only moves when somebody waits for it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import azure.functions as func
import pytest

from devstack.functions_host.app_settings import AppSettings
from devstack.functions_host.errors import AppLoadError
from devstack.functions_host.function import Binding, Function
from devstack.functions_host.ncrontab import next_due_at
from devstack.functions_host.runner import Runner
from devstack.functions_host.service_bus_output import ServiceBusOutputs
from devstack.functions_host.timer_state import TimerState
from devstack.functions_host.timer_trigger import TimerTrigger, timer_schedule
from devstack.functions_host.wire import ScheduleStatus
from devstack.functions_host.worker import Worker

FIVE_MINUTES = "0 */5 * * * *"
START = datetime(2026, 1, 2, 12, 0, 30, tzinfo=UTC)


class FakeClock:
    """Waiting moves it at once, `waits` times; then it stands still."""

    def __init__(self, waits: int) -> None:
        self.instant, self.waits = START, waits
        self.stood_still = asyncio.Event()

    def now(self) -> datetime:
        return self.instant

    async def sleep_until(self, instant: datetime) -> None:
        if self.waits == 0:
            self.stood_still.set()
            await asyncio.Event().wait()
        self.waits -= 1
        self.instant = instant


def _timer(schedule: str, call: Callable[..., object] = print, **properties: object) -> Function:
    trigger = Binding("t", "timerTrigger", False, {"schedule": schedule, **properties})
    kinds = {"t": "timerTrigger"}
    return Function("tick", call, "/", trigger, (trigger,), kinds, {}, None, False, True)


async def _runs(
    folder: Path, schedule: str, waits: int, takes: timedelta = timedelta(), **properties: object
) -> list[tuple[datetime, bool]]:
    """When a timer ran until the clock stood still, and whether it was told to be late."""
    clock = FakeClock(waits)
    runs: list[tuple[datetime, bool]] = []

    async def tick(t: func.TimerRequest) -> None:
        runs.append((clock.now(), t.past_due))
        clock.instant += takes

    function, settings = _timer(schedule, tick, **properties), AppSettings({})
    runner = Runner(Worker(folder, None), ServiceBusOutputs(settings))
    read = timer_schedule(function, settings, clock)
    timer = TimerTrigger(function, read, TimerState(folder), clock, runner)
    await timer.start()
    await asyncio.wait_for(clock.stood_still.wait(), 5)
    await timer.stop()
    return runs


def _at(minute: int, second: int = 0) -> datetime:
    return START.replace(minute=minute, second=second)


async def test_runs_happen_when_they_are_due(tmp_path: Path) -> None:
    runs = await _runs(tmp_path, FIVE_MINUTES, waits=2)

    assert runs == [(_at(5), False), (_at(10), False)]


async def test_run_on_startup_runs_first(tmp_path: Path) -> None:
    runs = await _runs(tmp_path, FIVE_MINUTES, waits=1, runOnStartup=True)

    assert runs == [(START, False), (_at(5), False)]


async def test_a_run_that_fell_due_during_another_is_skipped(tmp_path: Path) -> None:
    takes = timedelta(minutes=7)

    runs = await _runs(tmp_path, FIVE_MINUTES, waits=2, takes=takes)

    assert runs == [(_at(5), False), (_at(15), False)]


async def test_a_missed_run_is_made_up_as_past_due(tmp_path: Path) -> None:
    missed = _at(0) - timedelta(hours=1)
    TimerState(tmp_path).save("tick", ScheduleStatus(missed, missed, missed))

    runs = await _runs(tmp_path, FIVE_MINUTES, waits=1)

    assert runs == [(START, True), (_at(5), False)]
    status = TimerState(tmp_path).read("tick")
    assert status == ScheduleStatus(_at(5), _at(10), _at(5))


async def test_a_timer_without_monitor_makes_nothing_up_and_keeps_no_state(tmp_path: Path) -> None:
    missed = _at(0) - timedelta(hours=1)
    saved = ScheduleStatus(missed, missed, missed)
    TimerState(tmp_path).save("tick", saved)

    runs = await _runs(tmp_path, FIVE_MINUTES, waits=1, useMonitor=False)

    assert runs == [(_at(5), False)]
    assert TimerState(tmp_path).read("tick") == saved


def test_schedules_shorter_than_a_minute_are_not_monitored() -> None:
    clock = FakeClock(0)

    assert not timer_schedule(_timer("*/30 * * * * *"), AppSettings({}), clock).is_monitored
    assert timer_schedule(_timer("0 * * * * *"), AppSettings({}), clock).is_monitored


def test_a_schedule_may_be_an_app_setting_and_a_wrong_one_names_its_function() -> None:
    settings = AppSettings({"WHEN": "often"})

    with pytest.raises(AppLoadError, match="function tick: 'often' is not an NCRONTAB"):
        timer_schedule(_timer("%WHEN%"), settings, FakeClock(0))


@pytest.mark.parametrize(
    ("schedule", "due"),
    [
        ("0 */5 * * * *", _at(5)),
        ("*/15 * * * * *", _at(0, 45)),
        ("30 0 12 * * *", START + timedelta(days=1)),
        ("0 30 9 * * 1-5", datetime(2026, 1, 5, 9, 30, tzinfo=UTC)),
        ("*/5 * * * *", _at(5)),
    ],
)
def test_the_next_due_time_is_after_now_with_seconds_first(schedule: str, due: datetime) -> None:
    assert next_due_at(schedule, START) == due


@pytest.mark.parametrize("schedule", ["", "* * * *", "61 * * * * *", "0 0 0 31 2 *", "a b c d e f"])
def test_a_wrong_schedule_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match="NCRONTAB"):
        next_due_at(schedule, START)


def test_a_damaged_state_file_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "tick.json").write_text('{"last_at":')

    assert TimerState(tmp_path).read("tick") is None


async def test_a_run_by_hand_waits_for_the_one_under_way(tmp_path: Path) -> None:
    clock, running, most = FakeClock(0), 0, 0

    async def tick(t: func.TimerRequest) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    function, settings = _timer(FIVE_MINUTES, tick), AppSettings({})
    runner = Runner(Worker(tmp_path, None), ServiceBusOutputs(settings))
    read = timer_schedule(function, settings, clock)
    timer = TimerTrigger(function, read, TimerState(tmp_path), clock, runner)

    await asyncio.gather(timer.run_now(), timer.run_now(), timer.run_now())

    assert most == 1
