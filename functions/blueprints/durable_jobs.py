"""Durable Functions: the orchestration that leads a long run, and its activity.

The orchestration knows ids and nothing else: inputs and answers are rows and blobs. Every decision
is taken from PostgreSQL by the activity, so an event is a nudge that may be lost or come twice. An
activity stands between a cancelled timer and the cut of the history (durable extension, issue
2606).
"""

from collections.abc import Generator
from datetime import timedelta
from typing import Any, cast

import azure.durable_functions as df
import structlog
from azure.durable_functions.models.Task import TaskBase

from contracts.model import JsonObject
from functions.domain.long_run import LongRun
from functions.services import Services
from functions.telemetry.spans import span
from functions.use_cases.advance_long_run import advance_long_run
from functions.use_cases.start_long_run import CHANGED, ORCHESTRATION

ADVANCE = "advance_long_run"
ROUNDS = 10  # at most 9 events each: no history exceeds 100 while activities succeed
# An activity fails when PostgreSQL or the artifact store is away for longer than this.
RETRY = df.RetryOptions(first_retry_interval_in_milliseconds=5_000, max_number_of_attempts=12)


def build(services: Services) -> df.Blueprint:
    """One orchestration and its activity."""
    blueprint = df.Blueprint()

    # The worker takes plain classes as annotations only.
    async def advance(run: object) -> object:
        structlog.contextvars.clear_contextvars()
        with span(ADVANCE):
            led = LongRun.from_json(cast("JsonObject", run))
            return (await advance_long_run(services, led)).to_json()

    activity = blueprint.activity_trigger(input_name="run")
    blueprint.function_name(ADVANCE)(activity(advance))
    orchestration = blueprint.orchestration_trigger(context_name="context")
    blueprint.function_name(ORCHESTRATION)(orchestration(lead_long_run))
    return blueprint


def lead_long_run(
    context: df.DurableOrchestrationContext,
) -> Generator[TaskBase, Any, None]:
    """Advance, wait for a change or for the next look, again, until the run is over."""
    run = cast("JsonObject", context.get_input())
    changed = context.wait_for_external_event(CHANGED)
    for _ in range(ROUNDS):
        step = yield context.call_activity_with_retry(ADVANCE, RETRY, run)
        if step["is_over"]:
            return
        run = step["run"]
        if step["progress"]:
            context.set_custom_status(step["progress"])
        wait = timedelta(seconds=step["wait_s"])
        timer = context.create_timer(context.current_utc_datetime + wait)
        winner = yield context.task_any([timer, changed])
        if winner == changed:
            timer.cancel()
            changed = context.wait_for_external_event(CHANGED)
    step = yield context.call_activity_with_retry(ADVANCE, RETRY, run)
    if not step["is_over"]:
        context.continue_as_new(step["run"])
