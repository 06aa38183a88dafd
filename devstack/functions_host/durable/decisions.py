"""What an episode decides to do: each is one event of the history and perhaps a message."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ScheduleActivity:
    """Run an activity; `arguments` is a JSON array of one."""

    number: int
    name: str
    arguments: str

    kind = "activity"


@dataclass(frozen=True, slots=True)
class CreateTimer:
    """Wake the instance at an instant."""

    number: int
    fire_at: datetime

    kind, name = "timer", ""


@dataclass(frozen=True, slots=True)
class StartChild:
    """Start a sub-orchestration; `version` None means the default one."""

    number: int
    name: str
    instance_id: str
    input: str | None
    version: str | None

    kind = "sub-orchestration"


@dataclass(frozen=True, slots=True)
class Complete:
    """End the instance, or this generation of it (status ContinuedAsNew).

    Attributes:
        result: JSON of the output, the text of a failure or the reason of a termination.
        details: of a failure, for the parent.
    """

    number: int
    status: str
    result: str | None = None
    details: str | None = None

    kind, name = "completion", ""


Decision = ScheduleActivity | CreateTimer | StartChild | Complete
