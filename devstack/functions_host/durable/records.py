"""What the task hub keeps of each orchestration instance."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from devstack.functions_host.durable.history import Event

UNFINISHED = ("Pending", "Running", "Suspended", "ContinuedAsNew")
STATUS_NUMBERS = {
    "Running": 0,
    "Completed": 1,
    "ContinuedAsNew": 2,
    "Failed": 3,
    "Canceled": 4,
    "Terminated": 5,
    "Pending": 6,
    "Suspended": 7,
}
"""OrchestrationStatus of DurableTask.Core."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One orchestration; texts are raw JSON but for `output`, which may be plain words.

    Attributes:
        parent: the ParentInstance of its ExecutionStarted, "null" for none.
        created_at: seconds since 1970, as is `updated_at`.
    """

    id: str
    name: str
    execution_id: str
    status: str
    version: str
    input: str | None
    output: str | None
    custom_status: str | None
    parent: str
    created_at: float
    updated_at: float

    @property
    def is_over(self) -> bool:
        """Whether nothing can change it any more."""
        return self.status not in UNFINISHED


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event on its way to an instance.

    Attributes:
        execution_id: the generation that it is for, None for whichever runs.
        visible_at: seconds since 1970; not seen before.
    """

    instance_id: str
    execution_id: str | None
    event: Event
    visible_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Received:
    """An arrival that waits in the hub under a number."""

    number: int
    execution_id: str | None
    event: Event


@dataclass(frozen=True, slots=True)
class ScheduledActivity:
    """An activity that has to run; `event` is its TaskScheduled."""

    instance_id: str
    execution_id: str
    event: Event


@dataclass(frozen=True, slots=True)
class Advance:
    """Everything that one episode writes; the hub writes it whole or not at all.

    Attributes:
        instance: as it is afterwards.
        began_as: the execution id that the episode began with.
        consumed: numbers of the arrivals that the episode saw.
        kept: how many events of the stored history stay: all, or none after continue_as_new.
        events: appended to the history.
        children: sub-orchestrations to start, each with its first arrival.
    """

    instance: Instance
    began_as: str
    consumed: Sequence[int]
    kept: int
    events: Sequence[Event]
    arrivals: Sequence[Arrival] = field(default_factory=list[Arrival])
    activities: Sequence[ScheduledActivity] = field(default_factory=list[ScheduledActivity])
    children: Sequence[tuple[Instance, Arrival]] = field(
        default_factory=list[tuple[Instance, Arrival]]
    )
