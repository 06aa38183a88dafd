"""A job: what a tenant submitted and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.model import ContractRef, JsonObject
from contracts.wire.message import JobMessage
from contracts.wire.problem import PROBLEMS, violation_json
from functions.domain.errors import KudusoError

JobStatus = Literal["queued", "running", "succeeded", "failed", "cancelled", "expired"]

FINAL: frozenset[JobStatus] = frozenset({"succeeded", "failed", "cancelled", "expired"})


@dataclass(frozen=True, slots=True)
class Job:
    """One row of `job`, without its inputs; instants are aware UTC."""

    id: UUID
    tenant_id: UUID
    app_id: str
    definition: str
    version: str
    status: JobStatus
    inputs_hash: str
    attempts: int
    last_error: JsonObject | None
    correlation_id: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    next_attempt_at: datetime | None
    has_result: bool
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    priority: int = 0
    progress: JsonObject | None = None  # of a long run: `{fraction, message}`

    @property
    def is_final(self) -> bool:
        """Whether the status can never change again."""
        return self.status in FINAL


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a submission writes."""

    job_id: UUID
    tenant_id: UUID
    app_id: str
    ref: ContractRef
    inputs: JsonObject
    inputs_hash: str
    correlation_id: str
    traceparent: str
    created_at: datetime
    expires_at: datetime
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    callback_url: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt at a job, held by a lease.

    `lease_token` grows with every claim: a write that carries an older one changes nothing.
    """

    job_id: UUID
    tenant_id: UUID
    app_id: str
    ref: ContractRef
    inputs: JsonObject
    attempt: int
    lease_token: int
    correlation_id: str
    traceparent: str
    created_at: datetime
    waited_ms: float = 0.0  # from the instant the attempt was due to its claim


def doorbell(job: NewJob | Run, attempt: int) -> JobMessage:
    """The message that asks for one attempt at a job."""
    return JobMessage(
        job_id=job.job_id,
        tenant_id=job.tenant_id,
        app_id=job.app_id,
        attempt=attempt,
        correlation_id=job.correlation_id,
        traceparent=job.traceparent,
    )


def next_doorbell(run: Run, *, uses_attempt: bool) -> JobMessage:
    """The message that asks for the run's next attempt, or for the same one again.

    The broker takes the second for a repetition of the first unless its ring differs.
    """
    if uses_attempt:
        return doorbell(run, run.attempt + 1)
    return doorbell(run, run.attempt).model_copy(update={"ring": run.lease_token})


def error_record(error: KudusoError, attempt: int, at: datetime) -> JsonObject:
    """`last_error` of a job: the problem without the request's own members."""
    return {
        "code": error.code,
        "title": PROBLEMS[error.code].title,
        "detail": error.detail,
        "retryable": error.is_transient,
        "errors": [violation_json(violation) for violation in error.errors],
        "attempt": attempt,
        "at": at.isoformat(),
    }
