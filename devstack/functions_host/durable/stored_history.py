"""Histories of real instances, replayed against the code of today.

A test that replays the histories of instances that may be running fails when a change of an
orchestrator would break them; docs/durable.md says how to record one.
"""

import warnings
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any, cast

import azure.durable_functions as df
from azure.durable_functions.models.Task import TaskBase
from azure.durable_functions.orchestrator import Orchestrator
from pydantic import BaseModel, ConfigDict

from devstack.functions_host.durable.actions import Action
from devstack.functions_host.durable.calls import orchestrator_trigger, parse_answer
from devstack.functions_host.durable.functions import durable_functions
from devstack.functions_host.durable.history import Event, EventType
from devstack.functions_host.durable.outcome import Execution, OrchestratorAnswer
from devstack.functions_host.durable.records import STATUS_NUMBERS, Instance
from devstack.functions_host.durable.replay import HostReplay
from devstack.functions_host.indexing import index_functions

OrchestratorFunction = Callable[..., Generator[TaskBase, Any, object]]


class BrokenReplayError(Exception):
    """The orchestrator raises where the recorded one went on."""

    code = "replay_broken"


class StoredHistory(BaseModel):
    """The present execution of one instance, as a file of tests/fixtures/histories."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    instance_id: str
    version: str
    events: list[Event]

    @property
    def has_failed(self) -> bool:
        """Whether the recorded execution ended in a failure."""
        ends = (one for one in self.events if one["EventType"] == EventType.EXECUTION_COMPLETED)
        return any(one["OrchestrationStatus"] == STATUS_NUMBERS["Failed"] for one in ends)


def record_history(instance: Instance, events: Sequence[Event]) -> StoredHistory:
    """What a file holds of an instance: all but the stack traces of failures."""
    kept = [{**one, "Details": ""} if "Details" in one else one for one in events]
    return StoredHistory(
        name=instance.name, instance_id=instance.id, version=instance.version, events=kept
    )


def read_history(path: Path) -> StoredHistory:
    """A recorded history.

    Raises:
        ValidationError: the file is not one.
    """
    return StoredHistory.model_validate_json(path.read_bytes())


def replay_history(orchestrator: OrchestratorFunction, history: StoredHistory) -> list[Action]:
    """Replay a history; every action of the orchestrator since its start.

    Args:
        orchestrator: the generator function, without its decorator.
        history: of any moment; of a finished instance it covers every earlier one.

    Raises:
        NonDeterministicError: a running instance with this history would fail.
        BrokenReplayError: the orchestrator raises now.
    """
    answer = _answer(orchestrator, history)
    if "error" in answer.state and not history.has_failed:
        raise BrokenReplayError(answer.stack or str(answer.state["error"]))
    identity = history.events[1]["OrchestrationInstance"]
    execution = Execution(history.name, identity["ExecutionId"], _knows_all)
    HostReplay(execution, answer).replay(history.events)
    (actions,) = answer.state["actions"]
    return actions


def _answer(orchestrator: OrchestratorFunction, history: StoredHistory) -> OrchestratorAnswer:
    trigger = orchestrator_trigger(history.instance_id, history.events, has_past=True)
    with warnings.catch_warnings():
        # The SDK warns itself, once a process, that it does not know the types of results.
        warnings.filterwarnings("ignore", "azure.functions df_loads", DeprecationWarning)
        try:
            return parse_answer(None, Orchestrator.create(orchestrator)(trigger))
        except Exception as error:  # noqa: BLE001 - the SDK raises Exception itself
            return parse_answer(error, None)


def orchestrators_of(blueprint: df.Blueprint) -> dict[str, OrchestratorFunction]:
    """The generator functions of a blueprint, by the lower-case names that call them."""
    app = df.DFApp()
    app.register_functions(blueprint)
    found = durable_functions(index_functions(app, Path(), "a blueprint"))
    return {
        name: cast("OrchestratorFunction", vars(function.call)["orchestrator_function"])
        for name, function in found.orchestrators.items()
    }


def _knows_all(_kind: str, _name: str) -> bool:
    return True
