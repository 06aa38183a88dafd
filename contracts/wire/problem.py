"""Problem documents and the closed table of error codes: nothing else leaves an API.

Source: RFC 9457.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from contracts.errors import Violation
from contracts.model import JsonObject

MEDIA_TYPE = "application/problem+json"

ProblemCode = Literal[
    "invalid_json",
    "schema_violation",
    "domain_violation",
    "unauthenticated",
    "forbidden",
    "not_found",
    "definition_not_found",
    "version_retired",
    "idempotency_key_reused",
    "idempotency_in_progress",
    "result_not_ready",
    "invalid_state",
    "result_expired",
    "payload_too_large",
    "rate_limited",
    "quota_exceeded",
    "seats_exhausted",
    "queue_timeout",
    "solve_timeout",
    "definition_error",
    "engine_error",
    "engine_unreachable",
    "plugin_mismatch",
    "output_contract_violation",
    "internal",
]


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """The fixed part of a problem: HTTP status, title, whether a later try may succeed."""

    status: int
    title: str
    retryable: bool


PROBLEMS: dict[ProblemCode, ProblemKind] = {
    "invalid_json": ProblemKind(400, "The body is not acceptable JSON", retryable=False),
    "schema_violation": ProblemKind(400, "The inputs break the contract's schema", retryable=False),
    "domain_violation": ProblemKind(422, "The inputs break a rule of the domain", retryable=False),
    "unauthenticated": ProblemKind(401, "A valid bearer token is needed", retryable=False),
    "forbidden": ProblemKind(403, "The token does not allow this", retryable=False),
    "not_found": ProblemKind(404, "There is no such resource", retryable=False),
    "definition_not_found": ProblemKind(404, "There is no such contract", retryable=False),
    "version_retired": ProblemKind(410, "The contract version is retired", retryable=False),
    "idempotency_key_reused": ProblemKind(
        422, "The idempotency key was used with another body", retryable=False
    ),
    "idempotency_in_progress": ProblemKind(
        409, "The first request with this key is still running", retryable=True
    ),
    "result_not_ready": ProblemKind(409, "The job has no result yet", retryable=True),
    "invalid_state": ProblemKind(409, "The job's state does not allow this", retryable=False),
    "result_expired": ProblemKind(410, "The result has expired", retryable=False),
    "payload_too_large": ProblemKind(413, "The body is too large", retryable=False),
    "rate_limited": ProblemKind(429, "Too many requests", retryable=True),
    "quota_exceeded": ProblemKind(429, "The quota is used up", retryable=True),
    "seats_exhausted": ProblemKind(429, "No seat is free", retryable=True),
    "queue_timeout": ProblemKind(504, "The job waited too long in the queue", retryable=True),
    "solve_timeout": ProblemKind(504, "The solve took too long", retryable=True),
    "definition_error": ProblemKind(422, "The definition reported an error", retryable=False),
    "engine_error": ProblemKind(502, "The solve engine failed", retryable=True),
    "engine_unreachable": ProblemKind(503, "The solve engine cannot be reached", retryable=True),
    "plugin_mismatch": ProblemKind(503, "The engine lacks what the contract needs", retryable=True),
    "output_contract_violation": ProblemKind(
        502, "The definition's outputs break the contract", retryable=False
    ),
    "internal": ProblemKind(500, "Something went wrong on our side", retryable=True),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One occurrence of a problem."""

    code: ProblemCode
    detail: str
    correlation_id: str
    errors: Sequence[Violation] = ()
    retry_after: int | None = None
    instance: str | None = None

    @property
    def status(self) -> int:
        """The HTTP status of the code."""
        return PROBLEMS[self.code].status

    def to_json(self) -> JsonObject:
        """The problem document."""
        kind = PROBLEMS[self.code]
        document: JsonObject = {
            "type": "about:blank",
            "title": kind.title,
            "status": kind.status,
            "detail": self.detail,
            "code": self.code,
            "retryable": kind.retryable,
            "correlation_id": self.correlation_id,
            "errors": [violation_json(violation) for violation in self.errors],
        }
        if self.retry_after is not None:
            document["retry_after"] = self.retry_after
        if self.instance is not None:
            document["instance"] = self.instance
        return document


def violation_json(violation: Violation) -> JsonObject:
    """One entry of `errors`."""
    entry: JsonObject = {
        "pointer": violation.pointer,
        "code": violation.code,
        "message": violation.message,
    }
    if violation.hint is not None:
        entry["hint"] = violation.hint
    return entry
