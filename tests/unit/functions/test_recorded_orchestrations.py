"""Recorded instances of the product's orchestrations replay against its code of today.

One that fails here would fail in Azure on the day of the release: branch on `context.version` and
raise `defaultVersion`, as docs/durable.md says.
"""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from devstack.functions_host.durable.history import EventType
from devstack.functions_host.durable.replay import NonDeterministicError
from devstack.functions_host.durable.stored_history import (
    BrokenReplayError,
    OrchestratorFunction,
    StoredHistory,
    orchestrators_of,
    read_history,
    replay_history,
)
from functions.blueprints import durable_jobs, durable_studies
from functions.clients.clock import Clock
from functions.services import Services

HISTORIES = sorted((Path(__file__).parents[2] / "fixtures/histories/product").glob("*.json"))
MOST_EVENTS = 100
MOST_CHARACTERS = 1_000


@pytest.fixture(scope="module")
def orchestrators() -> Mapping[str, OrchestratorFunction]:
    services = Services(app_ids=("sitefit",), clock=Clock())
    modules = (durable_jobs, durable_studies)
    return {
        name: function
        for module in modules
        for name, function in orchestrators_of(module.build(services)).items()
    }


def recorded(name: str) -> StoredHistory:
    (path,) = (path for path in HISTORIES if path.stem == name)
    return read_history(path)


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_a_recorded_instance_replays(
    path: Path, orchestrators: Mapping[str, OrchestratorFunction]
) -> None:
    history = read_history(path)
    assert replay_history(orchestrators[history.name], history)


def test_every_orchestration_has_a_history(
    orchestrators: Mapping[str, OrchestratorFunction],
) -> None:
    assert {read_history(path).name for path in HISTORIES} == set(orchestrators)


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_a_history_is_short_and_holds_no_inputs(path: Path) -> None:
    history = read_history(path)
    assert len(history.events) <= MOST_EVENTS
    for event in history.events:
        told = str(event.get("Input") or event.get("Result") or "")
        assert len(told) < MOST_CHARACTERS, EventType(event["EventType"])
        assert "$.value" not in told


def changed(function: Callable[..., object], before: str, after: str) -> OrchestratorFunction:
    """The same function with another text, as a later release might have it."""
    source = inspect.getsource(function)
    assert before in source
    scope = dict(vars(inspect.getmodule(function)))
    exec(source.replace(before, after), scope)  # noqa: S102 - our own text
    return scope[function.__name__]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("context.call_activity_with_retry(ADVANCE, RETRY, run)", 'context.call_activity("x", 1)'),
        ("winner = yield context.task_any([timer, changed])", "winner = yield timer"),
        (
            "    for _ in range(ROUNDS)",
            '    yield context.call_activity("x")\n    for _ in range(3)',
        ),
        ("range(ROUNDS)", "range(2)"),
        ("timer.cancel()", "yield context.call_activity(ADVANCE, run)"),
        ('if step["is_over"]', 'if step["is_finished"]'),
    ],
)
def test_a_change_that_breaks_running_long_jobs_is_seen(before: str, after: str) -> None:
    lead = changed(durable_jobs.lead_long_run, before, after)
    with pytest.raises((NonDeterministicError, BrokenReplayError)):
        replay_history(lead, recorded("long_run_cancelled"))


def test_a_change_of_retries_is_seen() -> None:
    lead = changed(
        durable_jobs.lead_long_run,
        "context.call_activity_with_retry(ADVANCE, RETRY, run)",
        "context.call_activity(ADVANCE, run)",
    )
    with pytest.raises((NonDeterministicError, BrokenReplayError)):
        replay_history(lead, recorded("long_run_retried"))


def test_a_change_that_breaks_running_studies_is_seen() -> None:
    follow = changed(
        durable_studies.follow_study, "context.call_activity(STORE", 'context.call_activity("keep"'
    )
    with pytest.raises(NonDeterministicError):
        replay_history(follow, recorded("study_finished"))
