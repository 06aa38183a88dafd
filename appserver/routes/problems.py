"""Errors to problem documents: the one table, and the only way an error leaves the AppServer."""

import json
from collections.abc import Sequence
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

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
    RequestValidationError: "schema_violation",
}
"""Errors that carry no code of their own; `AppServerError` and violations do."""

_NAMED_VIOLATIONS = 3


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every known error, and the framework's own, with a problem document."""
    for kind in (AppServerError, ContractError, RequestValidationError):
        app.add_exception_handler(kind, _answer_known)
    app.add_exception_handler(HTTPException, _answer_framework)


def problem_of(error: Exception, correlation_id: str) -> Problem:
    """The problem document's contents for one error."""
    match error:
        case AppServerError():
            code, detail, violations = error.code, error.message, error.violations
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
    return Problem(code, detail, correlation_id, violations)


def _named(violations: Sequence[Violation]) -> str:
    first = violations[:_NAMED_VIOLATIONS]
    named = " ".join(f"{violation.pointer or '/'}: {violation.message}" for violation in first)
    return named if len(first) == len(violations) else f"{named} And more."


async def _answer_known(request: Request, error: Exception) -> Response:
    problem = problem_of(error, _correlation_id(request))
    structlog.contextvars.bind_contextvars(code=problem.code)
    return Response(json.dumps(problem.to_json()), problem.status, media_type=MEDIA_TYPE)


async def _answer_framework(request: Request, error: Exception) -> Response:
    """No such route, or no such method: the taxonomy knows both as `not_found`."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
    headers = error.headers if isinstance(error, HTTPException) else None
    phrase = HTTPStatus(status).phrase
    problem = Problem("not_found", f"{phrase}.", _correlation_id(request))
    structlog.contextvars.bind_contextvars(code=problem.code)
    document = problem.to_json() | {"status": int(status), "title": phrase}
    return Response(json.dumps(document), status, headers, MEDIA_TYPE)


def _correlation_id(request: Request) -> str:
    return request.state.trace.correlation_id
