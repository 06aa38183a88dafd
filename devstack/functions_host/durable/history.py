"""History events as the Durable extension stores them and shows them to the SDK.

An event is its JSON object: `EventType` (a number), `EventId`, `IsPlayed`, `Timestamp` and fields
of its own. Source: DurableTask.Core/History of https://github.com/Azure/durabletask
"""

import json
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

Event = dict[str, Any]


class EventType(IntEnum):
    """Numbers of DurableTask.Core.History.EventType."""

    EXECUTION_STARTED = 0
    EXECUTION_COMPLETED = 1
    EXECUTION_FAILED = 2
    EXECUTION_TERMINATED = 3
    TASK_SCHEDULED = 4
    TASK_COMPLETED = 5
    TASK_FAILED = 6
    SUB_ORCHESTRATION_INSTANCE_CREATED = 7
    SUB_ORCHESTRATION_INSTANCE_COMPLETED = 8
    SUB_ORCHESTRATION_INSTANCE_FAILED = 9
    TIMER_CREATED = 10
    TIMER_FIRED = 11
    ORCHESTRATOR_STARTED = 12
    ORCHESTRATOR_COMPLETED = 13
    EVENT_SENT = 14
    EVENT_RAISED = 15
    CONTINUE_AS_NEW = 16
    GENERIC_EVENT = 17
    HISTORY_STATE = 18
    EXECUTION_SUSPENDED = 19
    EXECUTION_RESUMED = 20

    @property
    def title(self) -> str:
        """The name that status answers show: ``TaskScheduled``."""
        return "".join(word.capitalize() for word in self.name.split("_"))


SCHEDULED = {
    EventType.TASK_SCHEDULED: "activity",
    EventType.TIMER_CREATED: "timer",
    EventType.SUB_ORCHESTRATION_INSTANCE_CREATED: "sub-orchestration",
}
"""Events that the host appended for an action of the orchestrator."""


_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def compact(value: object) -> str:
    """JSON without blanks."""
    return _COMPACT.encode(value)


def instant_text(instant: datetime) -> str:
    """ISO 8601 in UTC, always with microseconds."""
    text = instant.astimezone(UTC).isoformat(timespec="microseconds")
    return text.removesuffix("+00:00") + "Z"


def parse_instant(text: str) -> datetime:
    """The instant of an event or action, which may have seven digits after the second."""
    head, _, fraction = text.rstrip("Z").partition("+")[0].partition(".")
    return datetime.fromisoformat(f"{head}.{fraction[:6]:0<6}").replace(tzinfo=UTC)


def event(kind: EventType, at: datetime, **fields: object) -> Event:
    """An event that the host makes now; `fields` may name an EventId."""
    head = {"EventType": kind.value, "EventId": -1, "IsPlayed": False}
    return {**head, "Timestamp": instant_text(at), **fields}
