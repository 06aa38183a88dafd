"""Answers that show a job."""

from functions.blueprints.edge import Answer
from functions.domain.job import Job
from functions.domain.job_resource import QueueEstimate, estimate_json, job_json, job_tag
from functions.domain.preferences import Preferences
from functions.domain.submitted import POLL_AFTER_S, Submitted


def submitted(outcome: Submitted, preferences: Preferences, ended: Job | None = None) -> Answer:
    """The outcome of a submission; 200 with the job when its end was waited for and seen."""
    answer = outcome.answer
    headers = dict(answer.headers)
    if outcome.is_replayed:
        headers["Idempotency-Replayed"] = "true"
    if preferences.applied is not None:
        headers["Preference-Applied"] = preferences.applied
    if ended is None:
        return Answer(answer.status, answer.body, headers)
    headers.pop("Retry-After", None)
    return Answer(200, answer.body | job_json(ended), headers)


def current(job: Job, estimate: QueueEstimate | None, if_none_match: str | None) -> Answer:
    """200 with an entity tag, or 304 when the client has this state already."""
    tag = job_tag(job)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if not job.is_final:
        headers["Retry-After"] = str(POLL_AFTER_S)
    if if_none_match is not None and tag in if_none_match:
        return Answer(304, {}, headers)
    return Answer(200, job_json(job) | estimate_json(estimate), headers)
