"""The executions of an instance: its first, and those that continue_as_new begins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from devstack.functions_host.durable.history import (
    Event,
    EventType,
    event,
    instant_text,
)
from devstack.functions_host.durable.outcome import Outcome
from devstack.functions_host.durable.records import (
    Arrival,
    Instance,
    Received,
)


@dataclass(slots=True)
class Generation:
    """One execution as an episode sees it: its stored events and those of this episode."""

    instance: Instance
    past: Sequence[Event]
    fresh: list[Event]

    @property
    def events(self) -> list[Event]:
        """The whole history of this execution."""
        return [*self.past, *self.fresh]


def begin(
    instance: Instance, past: Sequence[Event], received: Sequence[Received], now: datetime
) -> Generation | None:
    """The episode that arrivals cause; None when they are not for this execution."""
    mine = [one.event for one in received if one.execution_id in {None, instance.execution_id}]
    # The start comes first, even when an external event overtook it.
    mine.sort(key=_is_no_start)
    seen = [one for one in mine if _is_no_start(one) or not past]
    if not seen or (not past and _is_no_start(seen[0])):
        return None
    started = event(EventType.ORCHESTRATOR_STARTED, now)
    stamp = {"Timestamp": instant_text(now), "IsPlayed": False}
    return Generation(instance, past, [started, *({**one, **stamp} for one in seen)])


def _is_no_start(one: Event) -> bool:
    return one["EventType"] != EventType.EXECUTION_STARTED


def continued(generation: Generation, outcome: Outcome, now: datetime) -> Generation:
    """The next generation after continue_as_new; it begins within the same episode."""
    completion = outcome.completion
    raw_input = completion.result if completion else None
    instance = replace(generation.instance, execution_id=uuid4().hex, input=raw_input)
    fresh = {"IsPlayed": False, "Timestamp": instant_text(now)}
    started = {
        **generation.events[1],
        **fresh,
        "Input": raw_input,
        "OrchestrationInstance": identity(instance),
    }
    carried = [{**one, **fresh} for one in outcome.carried]
    return Generation(instance, [], [event(EventType.ORCHESTRATOR_STARTED, now), started, *carried])


def identity(instance: Instance) -> dict[str, str]:
    """The OrchestrationInstance of events."""
    return {"InstanceId": instance.id, "ExecutionId": instance.execution_id}


def first_arrival(instance: Instance, parent: dict[str, Any] | None, at: datetime) -> Arrival:
    """The ExecutionStarted of an instance."""
    started = event(
        EventType.EXECUTION_STARTED,
        at,
        Name=instance.name,
        Version=instance.version,
        Input=instance.input,
        Tags=None,
        ParentInstance=parent,
        OrchestrationInstance=identity(instance),
    )
    return Arrival(instance.id, None, started)


def pending_instance(
    instance_id: str, name: str, version: str, raw_input: str | None, at: datetime
) -> Instance:
    """An instance that has not begun."""
    created_at = at.timestamp()
    return Instance(
        id=instance_id,
        name=name,
        execution_id=uuid4().hex,
        status="Pending",
        version=version,
        input=raw_input,
        output=None,
        custom_status=None,
        parent="null",
        created_at=created_at,
        updated_at=created_at,
    )
