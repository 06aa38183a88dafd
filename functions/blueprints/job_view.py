"""What a client sees of a job."""

import hashlib
import json
from datetime import datetime

from contracts.model import JsonObject
from functions.blueprints.edge import Answer
from functions.domain.job import Job

POLL_AFTER_S = 1


def job_path(job: Job) -> str:
    """Where the job's state is read."""
    return f"/{job.app_id}/jobs/{job.id}"


def accepted(job: Job) -> Answer:
    """202 with the status monitor (RFC 9110, section 15.3.3)."""
    return Answer(202, job_json(job), {"Location": job_path(job), "Retry-After": str(POLL_AFTER_S)})


def current(job: Job, if_none_match: str | None) -> Answer:
    """200 with an entity tag, or 304 when the client has this state already."""
    body = job_json(job)
    tag = f'"{hashlib.sha256(json.dumps(body).encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if not job.is_final:
        headers["Retry-After"] = str(POLL_AFTER_S)
    if if_none_match is not None and tag in if_none_match:
        return Answer(304, {}, headers)
    return Answer(200, body, headers)


def job_json(job: Job) -> JsonObject:
    """The job resource; instants in RFC 3339."""
    return {
        "job_id": str(job.id),
        "app_id": job.app_id,
        "definition": job.definition,
        "version": job.version,
        "status": job.status,
        "attempts": job.attempts,
        "has_result": job.has_result,
        "inputs_hash": job.inputs_hash,
        "created_at": _instant(job.created_at),
        "started_at": _instant(job.started_at),
        "ended_at": _instant(job.ended_at),
        "next_attempt_at": _instant(job.next_attempt_at),
        "last_error": job.last_error,
        "correlation_id": job.correlation_id,
        "links": {"self": job_path(job), "result": f"{job_path(job)}/result"},
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
