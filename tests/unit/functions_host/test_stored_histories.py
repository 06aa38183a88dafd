"""Recorded instances replay against the code that they ran on, and not against changed code."""

from collections.abc import Callable, Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import azure.durable_functions as df
import pytest
from azure.durable_functions.models.Task import TaskBase

from devstack.functions_host.durable.replay import NonDeterministicError
from devstack.functions_host.durable.stored_history import (
    BrokenReplayError,
    StoredHistory,
    orchestrators_of,
    read_history,
    replay_history,
)

Run = Generator[TaskBase, Any, object]
HISTORIES = Path(__file__).parents[2] / "fixtures/histories"
bp = df.Blueprint()


def _recorded(name: str) -> StoredHistory:
    return read_history(HISTORIES / f"{name}.json")


@bp.orchestration_trigger(context_name="context")
def chain(context: Any) -> Run:
    city = context.get_input()["city"]
    first = yield context.call_activity("say_hello", city)
    second = yield context.call_activity("say_hello", "Rome")
    third = yield context.call_activity("returns_none", None)
    return [first, second, third]


@bp.orchestration_trigger(context_name="context")
def fan(context: Any) -> Run:
    calls = [context.call_activity("square", n) for n in range(context.get_input())]
    options = df.RetryOptions(20, 5)
    calls.append(context.call_activity_with_retry("flaky", options, context.instance_id))
    squares = yield context.task_all(calls)
    return {"squares": squares, "total2": (yield context.call_activity("square", 0))}


@bp.orchestration_trigger(context_name="context", orchestration="versioned")
def in_versions(context: Any) -> Run:
    if context.get_input() == "parent":
        child = yield context.call_sub_orchestrator("versioned")
        older = yield context.call_sub_orchestrator("versioned", version="1.5")
        return [context.version, child, older]
    return context.version


@bp.orchestration_trigger(context_name="context")
def approval(context: Any) -> Run:
    due_at = context.current_utc_datetime + timedelta(seconds=context.get_input()["timeout"])
    timer = context.create_timer(due_at)
    event = context.wait_for_external_event("Approval")
    winner = yield context.task_any([event, timer])
    return winner == event


@pytest.mark.parametrize("name", ["chain", "fan", "versioned", "approval"])
def test_a_recorded_instance_replays_on_its_own_code(name: str) -> None:
    actions = replay_history(orchestrators_of(bp)[name], _recorded(name))

    assert actions


def _another_activity(context: Any) -> Run:
    yield context.call_activity("say_goodbye", "Paris")


def _one_activity_before(context: Any) -> Run:
    yield context.call_activity("returns_none", None)
    return (yield from _chain(context))


def _one_activity_less(context: Any) -> Run:
    return (yield context.call_activity("say_hello", "Paris"))


def _a_timer_instead(context: Any) -> Run:
    yield context.create_timer(context.current_utc_datetime + timedelta(hours=1))


def _chain(context: Any) -> Run:
    return (yield from orchestrators_of(bp)["chain"](context))


@pytest.mark.parametrize(
    "changed", [_another_activity, _one_activity_before, _one_activity_less, _a_timer_instead]
)
def test_a_change_that_breaks_running_instances_is_seen(changed: Callable[[Any], Run]) -> None:
    with pytest.raises(NonDeterministicError, match="previous execution"):
        replay_history(changed, _recorded("chain"))


def test_a_changed_retry_or_child_is_seen() -> None:
    def fewer_retries(context: Any) -> Run:
        calls = [context.call_activity("square", n) for n in range(context.get_input())]
        calls.append(context.call_activity_with_retry("flaky", df.RetryOptions(20, 1), "key"))
        yield context.task_all(calls)

    def another_child(context: Any) -> Run:
        yield context.call_sub_orchestrator("chain")

    with pytest.raises((NonDeterministicError, BrokenReplayError)):
        replay_history(fewer_retries, _recorded("fan"))
    with pytest.raises(NonDeterministicError):
        replay_history(another_child, _recorded("versioned"))


def test_a_change_behind_the_recorded_steps_is_none_of_their_business() -> None:
    def one_more_at_the_end(context: Any) -> Run:
        found = yield from _chain(context)
        return (yield context.call_activity("say_hello", str(found)))

    assert len(replay_history(one_more_at_the_end, _recorded("chain"))) == 4


def test_an_orchestrator_that_raises_now_is_seen() -> None:
    def raises(context: Any) -> Run:
        yield context.call_activity("say_hello", "Paris")
        raise KeyError("city")

    with pytest.raises(BrokenReplayError, match="KeyError"):
        replay_history(raises, _recorded("chain"))


def test_a_version_keeps_its_branch() -> None:
    def branching(context: Any) -> Run:
        if context.version == "2.0":
            return (yield from orchestrators_of(bp)["versioned"](context))
        return (yield context.call_activity("later"))

    assert replay_history(branching, _recorded("versioned"))
