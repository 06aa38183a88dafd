"""Errors to problems: the one table, and the only way an error leaves the AppServer."""

from collections.abc import Sequence
from http import HTTPStatus

from appserver.admission.errors import RefusedForNowError
from appserver.domain.errors import AppServerError
from contracts.errors import (
    ContractViolationError,
    JsonTextError,
    UnknownContractError,
    Violation,
)
from contracts.model import JsonObject
from contracts.wire.problem import Problem, ProblemCode

CODES: dict[type[Exception], ProblemCode] = {
    JsonTextError: "invalid_json",
    UnknownContractError: "definition_not_found",
}
"""Errors that carry no code of their own; `AppServerError` and violations do."""

STATUSES: dict[ProblemCode, HTTPStatus] = {"seats_exhausted": HTTPStatus.TOO_MANY_REQUESTS}
"""Inside the platform a full lane is the caller's signal to slow down, as a rate is."""

_NAMED_VIOLATIONS = 3


def problem_of(error: Exception, correlation_id: str) -> Problem:
    """The problem document's contents for one error."""
    retry_after = None
    match error:
        case AppServerError():
            code, detail, violations = error.code, error.message, error.violations
            retry_after = _retry_after(error)
        case ContractViolationError():
            code, detail, violations = error.kind, _named(error.violations), error.violations
        case JsonTextError():
            code, detail = CODES[JsonTextError], error.message
            violations = (Violation(error.pointer, code, error.message),)
        case _:
            code, violations = CODES.get(type(error), "internal"), ()
            detail = (
                str(error) if isinstance(error, UnknownContractError) else "Unexpected failure."
            )
    return Problem(code, detail, correlation_id, violations, retry_after)


def status_of(problem: Problem) -> int:
    """The HTTP status of a problem that leaves the AppServer."""
    return STATUSES.get(problem.code, problem.status)


def document_of(problem: Problem) -> JsonObject:
    """The problem document, whose status is the answer's."""
    return problem.to_json() | {"status": int(status_of(problem))}


def _retry_after(error: AppServerError) -> int | None:
    if isinstance(error, RefusedForNowError):
        return error.retry_after_s
    return 1 if error.code in STATUSES else None


def _named(violations: Sequence[Violation]) -> str:
    first = violations[:_NAMED_VIOLATIONS]
    named = " ".join(f"{violation.pointer or '/'}: {violation.message}" for violation in first)
    return named if len(first) == len(violations) else f"{named} And more."
