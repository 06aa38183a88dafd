"""Timers: what keeps the platform tidy when nobody asks for anything."""

from collections.abc import Awaitable, Callable

import azure.functions as func
import structlog

from functions.services import Services
from functions.telemetry.spans import span
from functions.use_cases.delete_expired_artifacts import delete_expired_artifacts
from functions.use_cases.deliver_webhooks import deliver_webhooks
from functions.use_cases.expire_overdue_jobs import expire_overdue_jobs
from functions.use_cases.forget_expired_keys import forget_expired_keys
from functions.use_cases.forget_webhook_deliveries import forget_webhook_deliveries
from functions.use_cases.recover_lost_runs import recover_lost_runs
from functions.use_cases.relay_outbox import relay_outbox
from functions.use_cases.wake_waiting_jobs import wake_waiting_jobs

EVERY_5_S = "*/5 * * * * *"
EVERY_10_S = "*/10 * * * * *"
EVERY_15_S = "*/15 * * * * *"
EVERY_MIN = "30 * * * * *"
EVERY_10_MIN = "0 */10 * * * *"


def build(services: Services) -> func.Blueprint:
    """Each timer does one page of work; what is left waits for the next tick."""
    blueprint = func.Blueprint()
    _register(blueprint, services, EVERY_5_S, deliver_webhooks)
    _register(blueprint, services, EVERY_10_S, relay_outbox)
    _register(blueprint, services, EVERY_15_S, recover_lost_runs)
    _register(blueprint, services, EVERY_15_S, wake_waiting_jobs)
    _register(blueprint, services, EVERY_MIN, expire_overdue_jobs)
    _register(blueprint, services, EVERY_10_MIN, delete_expired_artifacts)
    _register(blueprint, services, EVERY_10_MIN, forget_expired_keys)
    _register(blueprint, services, EVERY_10_MIN, forget_webhook_deliveries)
    return blueprint


def _register(
    blueprint: func.Blueprint,
    services: Services,
    schedule: str,
    use_case: Callable[[Services], Awaitable[int]],
) -> None:
    async def tick(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the binding's name
        structlog.contextvars.clear_contextvars()
        with span(use_case.__name__):
            await use_case(services)

    trigger = blueprint.timer_trigger(arg_name="timer", schedule=schedule, use_monitor=False)
    blueprint.function_name(use_case.__name__)(trigger(tick))
