"""What a client sees of a job: the one place that turns it into JSON."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from contracts.model import JsonObject
from functions.domain.job import Job, NewJob


@dataclass(frozen=True, slots=True)
class QueueEstimate:
    """Where a queued job stands among its tenant's jobs; `eta_s` None when nothing was measured."""

    position: int
    eta_s: float | None


def job_path(job: Job) -> str:
    """Where the job's state is read."""
    return f"/{job.app_id}/jobs/{job.id}"


def job_json(job: Job) -> JsonObject:
    """The job resource; instants in RFC 3339."""
    path = job_path(job)
    return {
        "job_id": str(job.id),
        "app_id": job.app_id,
        "definition": job.definition,
        "version": job.version,
        "status": job.status,
        "attempts": job.attempts,
        "has_result": job.has_result,
        "progress": job.progress,
        "inputs_hash": job.inputs_hash,
        "labels": dict(job.labels),
        "created_at": instant(job.created_at),
        "started_at": instant(job.started_at),
        "ended_at": instant(job.ended_at),
        "next_attempt_at": instant(job.next_attempt_at),
        "last_error": job.last_error,
        "correlation_id": job.correlation_id,
        "links": {"self": path, "result": f"{path}/result", "events": f"{path}/events"},
    }


def estimate_json(estimate: QueueEstimate | None) -> JsonObject:
    """What is added to a queued job."""
    if estimate is None:
        return {}
    return {"queue_position": estimate.position, "eta_s": estimate.eta_s}


def job_tag(job: Job) -> str:
    """A weak entity tag: it changes with the job's state, not with its place in the queue."""
    digest = hashlib.sha256(json.dumps(job_json(job)).encode()).hexdigest()
    return f'W/"{digest[:32]}"'


def submitted_job(written: NewJob) -> Job:
    """The job as its submission has just written it."""
    return Job(
        id=written.job_id,
        tenant_id=written.tenant_id,
        app_id=written.app_id,
        definition=written.ref.definition,
        version=written.ref.version,
        status="queued",
        inputs_hash=written.inputs_hash,
        attempts=0,
        last_error=None,
        correlation_id=written.correlation_id,
        created_at=written.created_at,
        started_at=None,
        ended_at=None,
        next_attempt_at=None,
        has_result=False,
        labels=written.labels,
    )


def instant(at: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")
