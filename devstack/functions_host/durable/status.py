"""How an instance and its history are shown.

Source: DurableClient.GetDurableOrchestrationStatusAsync of
https://github.com/Azure/azure-functions-durable-extension
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from devstack.functions_host.durable.history import Event, EventType
from devstack.functions_host.durable.records import STATUS_NUMBERS, Instance

_STATUS_NAMES = {number: name for name, number in STATUS_NUMBERS.items()}
_ENDS = {
    EventType.TASK_COMPLETED: EventType.TASK_SCHEDULED,
    EventType.TASK_FAILED: EventType.TASK_SCHEDULED,
    EventType.SUB_ORCHESTRATION_INSTANCE_COMPLETED: EventType.SUB_ORCHESTRATION_INSTANCE_CREATED,
    EventType.SUB_ORCHESTRATION_INSTANCE_FAILED: EventType.SUB_ORCHESTRATION_INSTANCE_CREATED,
}
_HIDDEN = {EventType.ORCHESTRATOR_STARTED, EventType.ORCHESTRATOR_COMPLETED}
_DROPPED_FIELDS = {
    EventType.EXECUTION_STARTED: ("OrchestrationInstance", "ParentInstance", "Version", "Tags"),
    EventType.TASK_SCHEDULED: ("Version",),
    EventType.SUB_ORCHESTRATION_INSTANCE_CREATED: ("Version",),
    EventType.TIMER_FIRED: ("TimerId",),
}


def shown_json(raw: str | None) -> object:
    """Parsed JSON; other text (the reason of a termination, a failure) as it is."""
    if raw is None:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def _second(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instance_status(instance: Instance, *, shows_input: bool = True) -> dict[str, object]:
    """The body of a status answer, without history."""
    return {
        "name": instance.name,
        "instanceId": instance.id,
        "runtimeStatus": instance.status,
        "input": shown_json(instance.input) if shows_input else None,
        "customStatus": shown_json(instance.custom_status),
        "output": shown_json(instance.output),
        "createdTime": _second(instance.created_at),
        "lastUpdatedTime": _second(instance.updated_at),
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """Which values of events a caller wants."""

    inputs: bool
    outputs: bool


def shown_history(events: Sequence[Event], shown: Shown) -> list[dict[str, object]]:
    """Events with names for numbers; what was scheduled is told where it ended."""
    scheduled = {
        (one["EventType"], one["EventId"]): one
        for one in events
        if one["EventType"] in _ENDS.values()
    }
    ended = {
        (_ENDS[EventType(one["EventType"])], one["TaskScheduledId"])
        for one in events
        if one["EventType"] in _ENDS
    }
    return [
        _shown(one, scheduled, shown)
        for one in events
        if one["EventType"] not in _HIDDEN and (one["EventType"], one["EventId"]) not in ended
    ]


def _shown(one: Event, scheduled: dict[tuple[int, int], Event], shown: Shown) -> dict[str, object]:
    kind = EventType(one["EventType"])
    dropped = {"IsPlayed", "EventId", "TaskScheduledId", *_DROPPED_FIELDS.get(kind, ())}
    if not shown.inputs:
        dropped.add("Input")
    if not shown.outputs:
        dropped.add("Result")
    visible: dict[str, object] = {key: one[key] for key in one if key not in dropped}
    visible["EventType"] = kind.title
    if "Result" in visible:
        visible["Result"] = shown_json(one["Result"])
    if kind is EventType.EXECUTION_STARTED:
        visible["FunctionName"] = visible.pop("Name")
    if kind is EventType.EXECUTION_COMPLETED:
        visible["OrchestrationStatus"] = _STATUS_NAMES[one["OrchestrationStatus"]]
    start = scheduled.get((_ENDS[kind], one["TaskScheduledId"])) if kind in _ENDS else None
    return visible | (_start_of(start, shown) if start else {})


def _start_of(start: Event, shown: Shown) -> dict[str, object]:
    found: dict[str, object] = {"ScheduledTime": start["Timestamp"], "FunctionName": start["Name"]}
    return found | ({"Input": start["Input"]} if shown.inputs else {})
