"""Durable Functions: the orchestration that follows a study, its activities.

The orchestration knows the study's ids and nothing else: points, jobs and results are rows. Its
history is cut after a few rounds, and an activity stands between a cancelled timer and the cut
(durable extension, issue 2606).
"""

from collections.abc import Generator
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import azure.durable_functions as df
import structlog
from azure.durable_functions.models.Task import TaskBase

from contracts.model import JsonObject
from functions.domain.study import StudyKey
from functions.services import Services
from functions.use_cases.advance_study import advance_study
from functions.use_cases.start_study import CHANGED, ORCHESTRATION
from functions.use_cases.store_study_results import store_study_results

ROUNDS = 10  # at most 7 events each, so that no history exceeds 100
ADVANCE, STORE = "advance_study", "store_study_results"


def build(services: Services) -> df.Blueprint:
    """One orchestration and its two activities."""
    blueprint = df.Blueprint()
    _register_activities(blueprint, services)
    trigger = blueprint.orchestration_trigger(context_name="context")
    blueprint.function_name(ORCHESTRATION)(trigger(follow_study))
    return blueprint


def follow_study(
    context: df.DurableOrchestrationContext,
) -> Generator[TaskBase, Any, None]:
    """Advance, wait if asked to, again; store the results once every point has ended."""
    given = cast("JsonObject", context.get_input())
    key, wait_s = given["key"], cast("float", given["wait_s"])
    changed = context.wait_for_external_event(CHANGED)
    for _ in range(ROUNDS):
        if wait_s > 0:
            timer = context.create_timer(context.current_utc_datetime + timedelta(seconds=wait_s))
            winner = yield context.task_any([timer, changed])
            if winner == changed:
                timer.cancel()
                changed = context.wait_for_external_event(CHANGED)
        step = yield context.call_activity(ADVANCE, key)
        if step["is_settled"]:
            step = yield context.call_activity(STORE, key)
        if step["is_over"]:
            return
        wait_s = step["wait_s"]
    context.continue_as_new({"key": key, "wait_s": wait_s})


def _register_activities(blueprint: df.Blueprint, services: Services) -> None:
    # The worker takes plain classes as annotations only.
    async def advance(key: object) -> object:
        structlog.contextvars.clear_contextvars()
        return (await advance_study(services, _key(key))).to_json()

    async def store(key: object) -> object:
        structlog.contextvars.clear_contextvars()
        return (await store_study_results(services, _key(key))).to_json()

    for name, activity in ((ADVANCE, advance), (STORE, store)):
        trigger = blueprint.activity_trigger(input_name="key")
        blueprint.function_name(name)(trigger(activity))


def _key(key: object) -> StudyKey:
    given = cast("JsonObject", key)
    study_id, tenant_id = UUID(str(given["study_id"])), UUID(str(given["tenant_id"]))
    return StudyKey(study_id, tenant_id, str(given["app_id"]))
