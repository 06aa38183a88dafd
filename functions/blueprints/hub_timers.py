"""Timers that look after the task hub and what it leads; otherwise like those of `timers`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import azure.durable_functions as df
import azure.functions as func
import structlog

from functions.clients.orchestrations import Orchestrations
from functions.config import read_schedule
from functions.services import Services
from functions.telemetry.log_lines import timed
from functions.telemetry.spans import span
from functions.use_cases.purge_orchestrations import purge_orchestrations
from functions.use_cases.watch_long_runs import watch_long_runs
from functions.use_cases.watch_studies import watch_studies


@dataclass(frozen=True, slots=True)
class HubTimer:
    """A use case that answers how much it did, and its schedule (NCRONTAB, six fields, UTC)."""

    use_case: Callable[[Services, Orchestrations], Awaitable[int]]
    schedule: str


HUB_TIMERS = (
    HubTimer(watch_long_runs, "*/15 * * * * *"),
    HubTimer(watch_studies, "*/15 * * * * *"),
    HubTimer(purge_orchestrations, "0 20 3 * * *"),
)


def build(services: Services) -> df.Blueprint:
    """One function for each timer, on the schedule of its setting `SCHEDULE_<NAME>`.

    Raises:
        SettingsError: a schedule is none.
    """
    blueprint = df.Blueprint()
    for timer in HUB_TIMERS:
        _register(blueprint, services, timer)
    return blueprint


def _register(blueprint: df.Blueprint, services: Services, spec: HubTimer) -> None:
    name = spec.use_case.__name__

    async def tick(timer: func.TimerRequest, client: df.DurableOrchestrationClient) -> None:
        structlog.contextvars.clear_contextvars()
        with span(name), timed("timer_finished", timer=name, is_late=timer.past_due) as said:
            said["count"] = await spec.use_case(services, Orchestrations(client))

    trigger = blueprint.timer_trigger(
        arg_name="timer", schedule=read_schedule(name, spec.schedule), use_monitor=False
    )
    bound = blueprint.durable_client_input(client_name="client")(trigger(tick))
    blueprint.function_name(name)(bound)
