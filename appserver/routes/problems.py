"""Errors to problem documents: the one table, and the only way an error leaves the AppServer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus

import orjson
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from appserver.admission.errors import RefusedForNowError
from appserver.domain.errors import AppServerError
from contracts.errors import (
    ContractError,
    ContractViolationError,
    JsonTextError,
    UnknownContractError,
    Violation,
)
from contracts.wire.problem import MEDIA_TYPE, Problem, ProblemCode

CODES: dict[type[Exception], ProblemCode] = {
    JsonTextError: "invalid_json",
    UnknownContractError: "definition_not_found",
}
"""Errors that carry no code of their own; `AppServerError` and violations do."""

STATUSES: dict[ProblemCode, HTTPStatus] = {"seats_exhausted": HTTPStatus.TOO_MANY_REQUESTS}
"""Inside the platform a full lane is the caller's signal to slow down, as a rate is."""

_NAMED_VIOLATIONS = 3


Handler = Callable[[Request, Exception], Awaitable[Response]]


def problem_handlers() -> Mapping[type[Exception], Handler]:
    """Answer every known error, and the framework's own, with a problem document."""
    return {
        AppServerError: _answer_known,
        ContractError: _answer_known,
        HTTPException: _answer_framework,
    }


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


def _retry_after(error: AppServerError) -> int | None:
    if isinstance(error, RefusedForNowError):
        return error.retry_after_s
    return 1 if error.code in STATUSES else None


def status_of(problem: Problem) -> int:
    """The HTTP status of a problem that leaves the AppServer."""
    return STATUSES.get(problem.code, problem.status)


def document_of(problem: Problem) -> bytes:
    """The problem document, whose status is the answer's."""
    return orjson.dumps(problem.to_json() | {"status": int(status_of(problem))})


def _named(violations: Sequence[Violation]) -> str:
    first = violations[:_NAMED_VIOLATIONS]
    named = " ".join(f"{violation.pointer or '/'}: {violation.message}" for violation in first)
    return named if len(first) == len(violations) else f"{named} And more."


async def _answer_known(request: Request, error: Exception) -> Response:
    problem = problem_of(error, _correlation_id(request))
    structlog.contextvars.bind_contextvars(code=problem.code)
    headers = {} if problem.retry_after is None else {"retry-after": str(problem.retry_after)}
    return Response(document_of(problem), status_of(problem), headers, MEDIA_TYPE)


async def _answer_framework(request: Request, error: Exception) -> Response:
    """No such route, or no such method: the taxonomy knows both as `not_found`."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
    headers = error.headers if isinstance(error, HTTPException) else None
    phrase = HTTPStatus(status).phrase
    problem = Problem("not_found", f"{phrase}.", _correlation_id(request))
    structlog.contextvars.bind_contextvars(code=problem.code)
    document = problem.to_json() | {"status": int(status), "title": phrase}
    return Response(orjson.dumps(document), status, headers, MEDIA_TYPE)


def _correlation_id(request: Request) -> str:
    return request.state.trace.correlation_id
