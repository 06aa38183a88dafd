"""What a client sees of a study: the one place that turns it into JSON."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from contracts.model import JsonObject
from functions.domain.job_resource import instant
from functions.domain.study import Study, StudyDraft, StudyPoint
from functions.domain.study_path import ValuePath

COUNTS = ("pending", "queued", "running", "succeeded", "failed", "cancelled", "skipped")


def study_path(study: Study) -> str:
    """Where the study's state is read."""
    return f"/{study.app_id}/studies/{study.id}"


def study_json(
    study: Study,
    counts: Mapping[str, int],
    reused: int,
    best: Sequence[StudyPoint | None] = (),
    files: Sequence[JsonObject] = (),
) -> JsonObject:
    """The study resource; `best` has one entry for each objective, once there is one."""
    path = study_path(study)
    links = {"self": path, "results": f"{path}/results", "jobs": jobs_path(study)}
    return {
        "study_id": str(study.id),
        "app_id": study.app_id,
        "definition": study.definition,
        "version": study.version,
        "status": study.status,
        "stop_reason": study.stop_reason,
        "is_cancelling": not study.is_final and study.cancel_requested_at is not None,
        "points": study.points,
        "counts": {name: counts.get(name, 0) for name in COUNTS},
        "reused": reused,
        "progress": progress(study, counts),
        "base": study.base_json,
        "space": study.space_json,
        "parameters": [*study.paths],
        "objectives": objectives_json(study),
        "stop": study.stop_json,
        "concurrency": study.concurrency,
        "estimate_seat_s": study.estimate_seat_s,
        "best": [_best(study, place, point) for place, point in enumerate(best)],
        "labels": dict(study.labels),
        "created_at": instant(study.created_at),
        "ended_at": instant(study.ended_at),
        "correlation_id": study.correlation_id,
        "artifacts": [*files],
        "links": {**links},
    }


def progress(study: Study, counts: Mapping[str, int]) -> float:
    """The share of points that have ended, from 0 to 1."""
    open_points = sum(counts.get(name, 0) for name in ("pending", "queued", "running"))
    return round(1 - open_points / study.points, 4)


def objectives_json(study: Study) -> list[JsonValue]:
    """Objectives as they were given."""
    return [{"path": o["path"], "goal": o["goal"]} for o in study.objectives]


def jobs_path(study: Study) -> str:
    """The list of the jobs that the study made."""
    return f"/{study.app_id}/jobs?label=study:{study.id}"


def job_link(study: Study, point: StudyPoint) -> str | None:
    """The job of a point."""
    return None if point.job_id is None else f"/{study.app_id}/jobs/{point.job_id}"


def named_parameters(study: Study, point: StudyPoint) -> JsonObject:
    """Values by path."""
    return dict(zip(study.paths, point.parameters, strict=True))


def named_objectives(study: Study, point: StudyPoint) -> JsonObject:
    """Values by path; null where the outputs have no such number."""
    values = point.objectives or [None] * len(study.objectives)
    pairs = zip(study.objectives, values, strict=True)
    return {str(objective["path"]): value for objective, value in pairs}


def _best(study: Study, place: int, point: StudyPoint | None) -> JsonValue:
    if point is None or point.objectives is None:
        return None
    return {
        "objective": study.objectives[place]["path"],
        "value": point.objectives[place],
        "point": point.point,
        "parameters": named_parameters(study, point),
        "job_id": None if point.job_id is None else str(point.job_id),
    }


def submitted_study(written: StudyDraft) -> Study:
    """The study as its submission has just written it."""
    return Study(
        id=written.key.study_id,
        tenant_id=written.key.tenant_id,
        app_id=written.key.app_id,
        definition=written.ref.definition,
        version=written.ref.version,
        status="running",
        base_json=written.base,
        space_json=written.space,
        paths=[path.text for path in written.paths],
        objectives=[objective.to_json() for objective in written.objectives],
        stop_json=written.stop,
        concurrency=written.concurrency,
        may_reuse=written.may_reuse,
        points=len(written.points),
        estimate_seat_s=written.estimate_seat_s,
        labels=written.labels,
        correlation_id=written.correlation_id,
        traceparent=written.traceparent,
        stop_reason=None,
        created_at=written.created_at,
        round_started_at=written.created_at,
        moved_at=written.created_at,
        cancel_requested_at=None,
        ended_at=None,
    )


def inputs_of(study: Study, parameters: Sequence[JsonValue]) -> JsonObject:
    """The inputs of one point: the base with its values written in.

    Raises:
        KeyError: a path leads nowhere.
    """
    inputs = study.base_json
    for path, value in zip(study.paths, parameters, strict=True):
        inputs = ValuePath.parse(path).written(inputs, value)
    return inputs
