"""Between HTTP and the use cases: trace, errors and logs of every request, in one place."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import azure.durable_functions as df
import azure.functions as func
import structlog
from pydantic import JsonValue

from contracts.errors import ContractViolationError, JsonTextError, Violation
from contracts.json_text import parse_json
from contracts.model import JsonObject
from contracts.wire.problem import MEDIA_TYPE, Problem
from functions.blueprints.replies import JSON, json_reply, text_reply
from functions.blueprints.reply_headers import SECURITY, UNCACHED, cors_headers
from functions.clients.orchestrations import Orchestrations
from functions.config import SettingsError
from functions.domain.caller import Caller, Trace
from functions.domain.errors import (
    InputsRejectedError,
    InvalidJsonError,
    KudusoError,
    PayloadTooLargeError,
)
from functions.domain.preferences import bad_parameter
from functions.domain.rate import RateLimitedError
from functions.domain.trace import new_traceparent, valid_correlation_id, valid_traceparent
from functions.services import Services
from functions.telemetry.spans import annotate, current_traceparent, span
from functions.use_cases.admit_submission import admit_submission

log = structlog.stdlib.get_logger("kuduso")


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer, or a text of another media type."""

    status: int
    body: JsonObject
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str | None = None
    media_type: str = JSON


@dataclass(frozen=True, slots=True)
class Call:
    """One request, on its way to a use case."""

    services: Services
    request: func.HttpRequest
    trace: Trace
    headers: dict[str, str] = field(default_factory=dict[str, str])  # the answer's, whatever it is
    orchestrations: Orchestrations | None = None  # where the operation has them

    async def caller(self) -> Caller:
        """Who asks; a read is counted.

        Raises:
            UnauthenticatedError: the bearer token is not accepted.
            RateLimitedError: the tenant reads too fast.
        """
        caller = await self.services.token_verifier.verify(self.header("authorization"))
        structlog.contextvars.bind_contextvars(tenant_id=str(caller.tenant_id))
        if self.request.method == "GET":
            # Reads without an app in their path count together.
            now, app_id = self.services.clock.now(), self.app_id or ""
            self.services.read_rates.spend(caller.tenant_id, app_id, now)
        return caller

    async def admit(self, caller: Caller, app_id: str, jobs: int = 1) -> None:
        """Take a submission's jobs from the tenant's quota; the answer tells what is left.

        An app that the caller may not use, or that is not served, is left to the use case.

        Raises:
            RateLimitedError: the jobs do not fit now.
        """
        if app_id in caller.app_ids and app_id in self.services.app_ids:
            rate = await admit_submission(self.services, caller, app_id, jobs)
            self.headers.update(rate.headers())

    def header(self, name: str) -> str | None:
        """One request header; the name is in lower case."""
        return _header(self.request, name)

    def body(self) -> JsonValue:
        """The JSON body.

        Raises:
            PayloadTooLargeError: it is larger than MAX_BODY_BYTES.
            InvalidJsonError: it is not acceptable JSON.
        """
        text = self.request.get_body()
        limit = self.services.settings.max_body_bytes
        if len(text) > limit:
            detail = f"The body has {len(text)} bytes; at most {limit} are taken."
            raise PayloadTooLargeError(detail)
        try:
            return parse_json(text)
        except JsonTextError as error:
            fault = Violation(error.pointer, "invalid_json", error.message)
            raise InvalidJsonError(error.message, errors=[fault]) from error

    @property
    def query(self) -> Mapping[str, str]:
        """The query parameters.

        Raises:
            InputsRejectedError: one holds U+0000, which has no place in PostgreSQL's texts.
        """
        parameters = cast("Mapping[str, str]", self.request.params)
        for name, value in parameters.items():
            if "\0" in value:
                raise bad_parameter(name, "Contains the character U+0000.")
        return parameters

    @property
    def app_id(self) -> str | None:
        """The app that the path names, if it names one."""
        return self.request.route_params.get("app_id")


Handler = Callable[[Call], Awaitable[Answer]]


class Edge:
    """Registers endpoints; turns whatever their handlers do into an answer."""

    def __init__(self, services: Services, blueprint: df.Blueprint) -> None:
        self._services = services
        self._blueprint = blueprint

    def register(
        self,
        name: str,
        method: str,
        route: str,
        handler: Handler,
        *,
        is_orchestrating: bool = False,
    ) -> None:
        """Make one function of the app, so that the portal shows each endpoint on its own."""

        async def endpoint(
            req: func.HttpRequest, client: df.DurableOrchestrationClient | None = None
        ) -> func.HttpResponse:
            given = _header(req, "traceparent")
            with span(f"{method} /{route}", "server", parent=given):
                return await self.answer(req, name, handler, client)

        async def plain(req: func.HttpRequest) -> func.HttpResponse:
            return await endpoint(req)  # its parameters must equal its bindings

        # Keys of the Functions host guard nothing here: handlers check bearer tokens.
        level = func.AuthLevel.ANONYMOUS
        routed = self._blueprint.route(route, methods=[method], auth_level=level)
        bound = routed(endpoint if is_orchestrating else plain)
        if is_orchestrating:
            bound = self._blueprint.durable_client_input(client_name="client")(bound)
        self._blueprint.function_name(name)(bound)

    async def answer(
        self,
        request: func.HttpRequest,
        function_name: str,
        handler: Handler,
        client: df.DurableOrchestrationClient | None = None,
    ) -> func.HttpResponse:
        """The handler's answer, or the problem document of what it raised."""
        started = time.perf_counter()
        trace = self._trace(request)
        structlog.contextvars.clear_contextvars()
        named = {name: value[:64] for name, value in request.route_params.items() if name != "path"}
        structlog.contextvars.bind_contextvars(correlation_id=trace.correlation_id, **named)
        call = Call(self._services, request, trace, {}, client and Orchestrations(client))
        reply = await self._reply(call, handler)
        self._complete(reply, request, trace)
        annotate({"http.response.status_code": reply.status_code})
        log.info(
            "request_answered",
            function=function_name,
            status=reply.status_code,
            duration_ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return reply

    async def _reply(self, call: Call, handler: Handler) -> func.HttpResponse:
        try:
            answer = await handler(call)
        except ContractViolationError as error:
            detail = "The body is not what this endpoint takes; see errors."
            rejected = InputsRejectedError(detail, code=error.kind, errors=error.violations)
            return _problem(rejected, call)
        except RateLimitedError as error:
            call.headers.update(error.rate.headers())
            return _problem(error, call)
        except KudusoError as error:
            return _problem(error, call)
        except Exception:
            log.exception("request_crashed")
            return _problem(KudusoError("The request could not be answered."), call)
        headers = {**call.headers, **answer.headers}
        if answer.text is None:
            return json_reply(answer.status, answer.body, headers)
        return text_reply(answer.status, answer.text, headers, answer.media_type)

    def _complete(self, reply: func.HttpResponse, request: func.HttpRequest, trace: Trace) -> None:
        reply.headers["x-correlation-id"] = trace.correlation_id
        reply.headers["traceparent"] = trace.traceparent
        for name, value in {**SECURITY, **self._cors(request)}.items():
            reply.headers[name] = value
        if "cache-control" not in reply.headers:
            reply.headers["Cache-Control"] = UNCACHED

    def _cors(self, request: func.HttpRequest) -> Mapping[str, str]:
        try:
            origins = self._services.settings.cors_origins
        except SettingsError:
            return {}  # /health answers without settings, /health/ready says what is missing
        return cors_headers(origins, _header(request, "origin"))

    def _trace(self, request: func.HttpRequest) -> Trace:
        given = valid_correlation_id(_header(request, "x-correlation-id"))
        given_parent = valid_traceparent(_header(request, "traceparent"))
        traceparent = current_traceparent() or given_parent
        clock = self._services.clock
        return Trace(
            given or str(clock.new_id()), traceparent or new_traceparent(*clock.trace_ids())
        )


def _header(request: func.HttpRequest, name: str) -> str | None:
    return cast("Mapping[str, str]", request.headers).get(name)


def _problem(error: KudusoError, call: Call) -> func.HttpResponse:
    structlog.contextvars.bind_contextvars(code=error.code)
    problem = Problem(
        error.code, error.detail, call.trace.correlation_id, error.errors, error.retry_after_s
    )
    headers = dict(call.headers)
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    if error.code == "unauthenticated":
        headers["WWW-Authenticate"] = "Bearer"
    return json_reply(problem.status, problem.to_json(), headers, MEDIA_TYPE)
