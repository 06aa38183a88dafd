"""What an episode writes: decisions become events, arrivals, activities and children."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from devstack.functions_host.durable.decisions import (
    Complete,
    CreateTimer,
    Decision,
    ScheduleActivity,
    StartChild,
)
from devstack.functions_host.durable.generation import (
    Generation,
    first_arrival,
    identity,
    pending_instance,
)
from devstack.functions_host.durable.history import (
    Event,
    EventType,
    compact,
    event,
    instant_text,
)
from devstack.functions_host.durable.records import (
    STATUS_NUMBERS,
    Advance,
    Arrival,
    Instance,
    ScheduledActivity,
)

_PAUSES = (EventType.EXECUTION_SUSPENDED, EventType.EXECUTION_RESUMED)


class Writing:
    """Turns the decisions of an episode into events, arrivals, activities and children."""

    def __init__(self, generation: Generation, default_version: str, now: datetime) -> None:
        self._generation, self._default_version, self._now = generation, default_version, now
        self._instance = generation.instance
        self._started = generation.events[1]
        self.events: list[Event] = []
        self._arrivals: list[Arrival] = []
        self._activities: list[ScheduledActivity] = []
        self._children: list[tuple[Instance, Arrival]] = []
        self._completion: Complete | None = None

    def write(self, decisions: Sequence[Decision]) -> None:
        """Take down every decision in the order of its number."""
        for decision in decisions:
            match decision:
                case ScheduleActivity():
                    self._activity(decision)
                case CreateTimer():
                    self._timer(decision)
                case StartChild():
                    self._child(decision)
                case Complete():
                    self._completion = decision
                    self._end(decision)

    def advance(self, began_as: str, consumed: Sequence[int], custom_status: str | None) -> Advance:
        """All that the episode writes."""
        generation, now = self._generation, self._now
        status = _status(generation.events, self._completion)
        output = self._completion.result if self._completion else None
        ended = event(EventType.ORCHESTRATOR_COMPLETED, now)
        return Advance(
            instance=replace(
                self._instance,
                status=status,
                output=output,
                custom_status=custom_status or self._instance.custom_status,
                updated_at=now.timestamp(),
            ),
            began_as=began_as,
            consumed=consumed,
            kept=len(generation.past),
            events=[*map(_played, generation.fresh), *self.events, ended],
            arrivals=self._arrivals,
            activities=self._activities,
            children=self._children,
        )

    def _append(self, kind: EventType, number: int, **fields: object) -> Event:
        one = event(kind, self._now, **fields)
        one["EventId"] = number
        self.events.append(one)
        return one

    def _activity(self, decision: ScheduleActivity) -> None:
        scheduled = self._append(
            EventType.TASK_SCHEDULED,
            decision.number,
            Name=decision.name,
            Version="",
            Input=decision.arguments,
            Tags=None,
        )
        owner = self._instance
        self._activities.append(ScheduledActivity(owner.id, owner.execution_id, scheduled))

    def _timer(self, decision: CreateTimer) -> None:
        fire_at = instant_text(decision.fire_at)
        self._append(EventType.TIMER_CREATED, decision.number, FireAt=fire_at)
        fired = event(
            EventType.TIMER_FIRED, decision.fire_at, TimerId=decision.number, FireAt=fire_at
        )
        owner, due_at = self._instance, decision.fire_at.timestamp()
        self._arrivals.append(Arrival(owner.id, owner.execution_id, fired, due_at))

    def _child(self, decision: StartChild) -> None:
        version = self._default_version if decision.version is None else decision.version
        self._append(
            EventType.SUB_ORCHESTRATION_INSTANCE_CREATED,
            decision.number,
            Name=decision.name,
            Version=version,
            InstanceId=decision.instance_id,
            Input=decision.input,
            Tags=None,
        )
        parent = {
            "OrchestrationInstance": identity(self._instance),
            "Name": self._started["Name"],
            "Version": self._started["Version"],
            "TaskScheduleId": decision.number,
        }
        child = pending_instance(
            decision.instance_id, decision.name, version, decision.input, self._now
        )
        child = replace(child, parent=compact(parent))
        self._children.append((child, first_arrival(child, parent, self._now)))

    def _end(self, completion: Complete) -> None:
        self._append(
            EventType.EXECUTION_COMPLETED,
            completion.number,
            OrchestrationStatus=STATUS_NUMBERS[completion.status],
            Result=completion.result,
            FailureDetails=None,
        )
        parent = self._started["ParentInstance"]
        if parent is not None:
            self._arrivals.append(_answer(parent, completion, self._now))


def _answer(parent: dict[str, Any], completion: Complete, now: datetime) -> Arrival:
    """What the parent is told."""
    task = {"TaskScheduledId": parent["TaskScheduleId"]}
    if completion.status == "Completed":
        kind = EventType.SUB_ORCHESTRATION_INSTANCE_COMPLETED
        told = event(kind, now, Result=completion.result, **task)
    else:
        told = event(
            EventType.SUB_ORCHESTRATION_INSTANCE_FAILED,
            now,
            Reason=completion.result,
            Details=completion.details,
            FailureDetails=None,
            **task,
        )
    owner = parent["OrchestrationInstance"]
    return Arrival(owner["InstanceId"], owner["ExecutionId"], told)


def _played(one: Event) -> Event:
    return {**one, "IsPlayed": one["EventType"] != EventType.ORCHESTRATOR_STARTED}


def _status(events: Sequence[Event], completion: Complete | None) -> str:
    if completion is not None:
        return completion.status
    last = [one["EventType"] for one in events if one["EventType"] in _PAUSES]
    is_suspended = bool(last) and last[-1] == EventType.EXECUTION_SUSPENDED
    return "Suspended" if is_suspended else "Running"
