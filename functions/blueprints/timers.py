"""Timers: what keeps the platform tidy when nobody asks for anything.

Each is a singleton: the Functions host runs a timer in one instance of a function app at a time.
Every use case here may run twice, at once or after a crash, and stay right.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import azure.functions as func
import structlog

from functions.config import read_schedule
from functions.services import Services
from functions.telemetry.log_lines import timed
from functions.telemetry.spans import span
from functions.use_cases.delete_expired_artifacts import delete_expired_artifacts
from functions.use_cases.delete_expired_results import delete_expired_results
from functions.use_cases.deliver_webhooks import deliver_webhooks
from functions.use_cases.expire_overdue_jobs import expire_overdue_jobs
from functions.use_cases.forget_dead_letters import forget_dead_letters
from functions.use_cases.forget_expired_keys import forget_expired_keys
from functions.use_cases.forget_rates import forget_rates
from functions.use_cases.forget_webhook_deliveries import forget_webhook_deliveries
from functions.use_cases.recover_lost_runs import recover_lost_runs
from functions.use_cases.relay_outbox import relay_outbox
from functions.use_cases.wake_waiting_jobs import wake_waiting_jobs

GO_ON_FOR = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Timer:
    """A use case that answers how much it did, and its schedule (NCRONTAB, six fields, UTC).

    `drains`: a page is followed by the next until nothing is left or a minute is over; what is left
    then waits for the next tick.
    """

    use_case: Callable[[Services], Awaitable[int]]
    schedule: str
    drains: bool = False


TIMERS = (
    Timer(deliver_webhooks, "*/5 * * * * *"),
    Timer(relay_outbox, "*/10 * * * * *", drains=True),
    Timer(recover_lost_runs, "*/15 * * * * *", drains=True),
    Timer(wake_waiting_jobs, "*/15 * * * * *"),
    Timer(expire_overdue_jobs, "30 * * * * *", drains=True),
    Timer(delete_expired_artifacts, "0 */10 * * * *", drains=True),
    Timer(delete_expired_results, "0 */10 * * * *", drains=True),
    Timer(forget_expired_keys, "0 */10 * * * *", drains=True),
    Timer(forget_dead_letters, "0 */10 * * * *", drains=True),
    Timer(forget_rates, "0 */10 * * * *", drains=True),
    Timer(forget_webhook_deliveries, "0 */10 * * * *", drains=True),
)


def build(services: Services) -> func.Blueprint:
    """One function for each timer, on the schedule of its setting `SCHEDULE_<NAME>`.

    Raises:
        SettingsError: a schedule is none.
    """
    blueprint = func.Blueprint()
    for timer in TIMERS:
        _register(blueprint, services, timer)
    return blueprint


def _register(blueprint: func.Blueprint, services: Services, spec: Timer) -> None:
    name = spec.use_case.__name__

    async def tick(timer: func.TimerRequest) -> None:
        structlog.contextvars.clear_contextvars()
        with span(name), timed("timer_finished", timer=name, is_late=timer.past_due) as said:
            said["count"] = await _run(services, spec)

    trigger = blueprint.timer_trigger(
        arg_name="timer", schedule=read_schedule(name, spec.schedule), use_monitor=False
    )
    blueprint.function_name(name)(trigger(tick))


async def _run(services: Services, timer: Timer) -> int:
    started_at = services.clock.now()
    count = page = await timer.use_case(services)
    while timer.drains and page and services.clock.now() - started_at < GO_ON_FOR:
        page = await timer.use_case(services)
        count += page
    return count
