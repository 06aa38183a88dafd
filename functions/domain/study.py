"""A study: many jobs over a parameter space, and how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.model import ContractRef, JsonObject
from functions.domain.study_path import ValuePath
from functions.domain.study_ranking import Goal
from functions.domain.study_space import Point

StudyStatus = Literal["running", "completed", "stopped", "cancelled"]
PointStatus = Literal["pending", "submitted", "succeeded", "failed", "cancelled", "skipped"]
StopReason = Literal["count", "objective", "time"]

OPEN: frozenset[PointStatus] = frozenset({"pending", "submitted"})


@dataclass(frozen=True, slots=True)
class Objective:
    """A number of the outputs, and which way is better."""

    path: ValuePath
    goal: Goal

    def to_json(self) -> JsonObject:
        """As the client gave it; `keys` is the way for PostgreSQL."""
        keys = [str(step) for step in self.path.steps]
        return {"path": self.path.text, "goal": self.goal, "keys": [*keys]}


@dataclass(frozen=True, slots=True)
class StopRule:
    """When to start no further point; None: never for this reason.

    Attributes:
        count: so many points have succeeded. This and the next one do not keep a retry from running
            the points that it was asked for.
        objective: the place of an objective, and the value that is good enough.
        max_seconds: since the study, or the latest retry of it, began.
    """

    count: int | None = None
    objective: tuple[int, float] | None = None
    max_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class StudyKey:
    """What every row of a study carries, and all that an orchestration knows of it."""

    study_id: UUID
    tenant_id: UUID
    app_id: str

    def to_json(self) -> JsonObject:
        """Ids only: inputs and outputs never enter a history."""
        return {
            "study_id": str(self.study_id),
            "tenant_id": str(self.tenant_id),
            "app_id": self.app_id,
        }


@dataclass(frozen=True, slots=True)
class StudyDraft:
    """What a submission writes; `points` are values in the order of `paths`."""

    key: StudyKey
    ref: ContractRef
    base: JsonObject
    space: JsonObject
    paths: Sequence[ValuePath]
    points: Sequence[Point]
    objectives: Sequence[Objective]
    stop: JsonObject
    concurrency: int
    may_reuse: bool
    estimate_seat_s: float | None
    correlation_id: str
    traceparent: str
    created_at: datetime
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Study:
    """One row of `study`; instants are aware UTC."""

    id: UUID
    tenant_id: UUID
    app_id: str
    definition: str
    version: str
    status: StudyStatus
    base_json: JsonObject
    space_json: JsonObject
    paths: list[str]
    objectives: list[JsonObject]
    stop_json: JsonObject
    concurrency: int
    may_reuse: bool
    points: int
    estimate_seat_s: float | None
    labels: Mapping[str, str]
    correlation_id: str
    traceparent: str
    stop_reason: StopReason | None
    created_at: datetime
    round_started_at: datetime
    moved_at: datetime
    cancel_requested_at: datetime | None
    ended_at: datetime | None

    @property
    def key(self) -> StudyKey:
        """Its ids."""
        return StudyKey(self.id, self.tenant_id, self.app_id)

    @property
    def ref(self) -> ContractRef:
        """The contract of every point."""
        return ContractRef(self.definition, self.version)

    @property
    def is_final(self) -> bool:
        """Whether nothing will change but by a retry."""
        return self.status != "running"

    @property
    def is_stopping(self) -> bool:
        """Whether no further point may start."""
        return self.is_final or self.cancel_requested_at is not None or bool(self.stop_reason)

    @property
    def is_retried(self) -> bool:
        """Whether it had ended and was opened again for its failed points."""
        return self.round_started_at > self.created_at

    @property
    def goals(self) -> list[Goal]:
        """Which way is better, objective by objective."""
        return ["min" if objective["goal"] == "min" else "max" for objective in self.objectives]

    @property
    def stop(self) -> StopRule:
        """The stop rule, as it was stored."""
        return read_stop(self.stop_json, [str(objective["path"]) for objective in self.objectives])

    @property
    def end_status(self) -> StudyStatus:
        """What it is once its last point has ended."""
        if self.cancel_requested_at is not None:
            return "cancelled"
        return "stopped" if self.stop_reason is not None else "completed"


@dataclass(frozen=True, slots=True)
class StudyPoint:
    """One row of `study_point`, without outputs; `parameters` in the order of the study's paths."""

    point: int
    status: PointStatus
    parameters: Point
    objectives: list[float | None] | None
    job_id: UUID | None
    is_reused: bool
    error: JsonObject | None


def read_stop(document: JsonObject, objective_paths: Sequence[str]) -> StopRule:
    """A stop rule out of its valid JSON.

    Raises:
        ValueError: it names an objective that the study does not have.
    """
    count, seconds, objective = (document.get(n) for n in ("count", "max_seconds", "objective"))
    reached: tuple[int, float] | None = None
    if isinstance(objective, dict):
        value = objective["value"]
        if isinstance(value, int | float):
            reached = (list(objective_paths).index(str(objective["path"])), float(value))
    return StopRule(
        count=count if isinstance(count, int) else None,
        objective=reached,
        max_seconds=float(seconds) if isinstance(seconds, int | float) else None,
    )
