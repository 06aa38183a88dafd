"""Known errors, and the framework's own, to problem documents over HTTP."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import orjson
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from appserver.domain.errors import AppServerError
from appserver.use_cases.explain_error import document_of, problem_of, status_of
from contracts.errors import ContractError
from contracts.wire.problem import MEDIA_TYPE, Problem

Handler = Callable[[Request, Exception], Awaitable[Response]]


def problem_handlers() -> Mapping[type[Exception], Handler]:
    """What Starlette calls for an error that a route let through."""
    return {
        AppServerError: _answer_known,
        ContractError: _answer_known,
        HTTPException: _answer_framework,
    }


async def _answer_known(request: Request, error: Exception) -> Response:
    problem = problem_of(error, _correlation_id(request))
    structlog.contextvars.bind_contextvars(code=problem.code)
    headers = {} if problem.retry_after is None else {"retry-after": str(problem.retry_after)}
    return Response(orjson.dumps(document_of(problem)), status_of(problem), headers, MEDIA_TYPE)


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
