"""HTTP triggers as an ASGI application: routes, keys, requests and answers.

A plain ``str`` result is always text/plain; the real host also tries to read it as a JSON
description of a response. Source: azure-functions-host WebJobs.Script.WebHost.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from azure.functions.meta import Datum
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from devstack.functions_host.app_settings import AppSettings
from devstack.functions_host.errors import AppLoadError
from devstack.functions_host.event_log import log_event
from devstack.functions_host.function import Function
from devstack.functions_host.invocation import Trace
from devstack.functions_host.keys import Keys
from devstack.functions_host.request_body import BodyTooLargeError, read_body
from devstack.functions_host.route_templates import RouteTemplate, parse_route_template
from devstack.functions_host.runner import Runner
from devstack.functions_host.wire import HttpCall, http_datum

if TYPE_CHECKING:
    from http.cookies import SimpleCookie


@dataclass(frozen=True, slots=True)
class HttpRoute:
    """Where one function answers; no methods means every method."""

    template: RouteTemplate
    methods: frozenset[str]
    level: str
    function: Function


def http_routes(
    functions: Iterable[Function], prefix: str, settings: AppSettings
) -> Sequence[HttpRoute]:
    """The routes in the order in which the host tries them: by function name, first match wins.

    Raises:
        AppLoadError: a template is wrong; the text names the function.
    """
    triggered = [one for one in functions if one.trigger.type == "httpTrigger"]
    return [_route(one, prefix, settings) for one in sorted(triggered, key=_by_name)]


def _by_name(function: Function) -> str:
    return function.name.lower()


def _route(function: Function, prefix: str, settings: AppSettings) -> HttpRoute:
    trigger = function.trigger
    route = settings.resolve(trigger.text("route"), f"the route of {function.name}")
    parts = (prefix.strip("/"), (route or function.name).strip("/"))
    try:
        template = parse_route_template("/".join(part for part in parts if part))
    except ValueError as error:
        raise AppLoadError(f"the route of function {function.name}: {error}") from error
    listed = cast("Iterable[object]", trigger.properties.get("methods") or ())
    methods = frozenset(str(getattr(method, "value", method)).upper() for method in listed)
    return HttpRoute(template, methods, trigger.text("authLevel", "function"), function)


def offered_key(request: Request) -> str:
    """The key of a request: header first, then query."""
    return request.headers.get("x-functions-key") or request.query_params.get("code") or ""


class HttpTrigger:
    """Answers requests with functions; 404 for everything else, a wrong method included."""

    def __init__(self, routes: Sequence[HttpRoute], keys: Keys, runner: Runner) -> None:
        self._routes, self._keys, self._runner = routes, keys, runner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and log it in one line, without its query (it may hold a key)."""
        started = time.perf_counter()
        request = Request(scope, receive)
        function_name, response = await self._answer(request)
        await response(scope, receive, send)
        log_event(
            "request_answered",
            method=request.method,
            path=request.url.path,
            status=response.status_code,
            function=function_name,
            duration_ms=round((time.perf_counter() - started) * 1000, 1),
        )

    async def _answer(self, request: Request) -> tuple[str | None, Response]:
        raw_path = cast("bytes", request.scope["raw_path"]).decode("ascii", "replace")
        for route in self._routes:
            params = route.template.match(raw_path.partition("?")[0])
            if params is None or (route.methods and request.method not in route.methods):
                continue
            name = route.function.name
            if not self._keys.opens(route.level, name, offered_key(request)):
                return name, Response(status_code=401)
            return name, await self._run(request, route.function, params)
        return None, Response(status_code=404)

    async def _run(self, request: Request, function: Function, params: dict[str, str]) -> Response:
        try:
            body = await read_body(request)
        except BodyTooLargeError:
            return Response(status_code=413)
        except ClientDisconnect:
            return Response(status_code=400)
        headers = _joined(request.headers.items())
        call = HttpCall(
            method=request.method,
            url=str(request.url),
            headers=headers,
            query=_joined(request.query_params.multi_items()),
            params=params,
            body=body,
        )
        trace = Trace(headers.get("traceparent", ""), headers.get("tracestate", ""))
        result = await self._runner.run(function, http_datum(call), {}, trace)
        return Response(status_code=500) if result.error else http_response(result.returned)


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Repeated names become one, their values joined by a comma."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def http_response(returned: Datum | None) -> Response:
    """The answer that a returned Datum stands for."""
    if returned is None or returned.type is None:
        return Response(status_code=200)
    if returned.type != "http":
        value = cast("object", returned.value)
        body = value if isinstance(value, bytes) else str(value).encode()
        return Response(body, media_type="text/plain; charset=utf-8")
    fields = cast("dict[str, object]", returned.value)
    status, body = cast("Datum", fields["status_code"]), cast("Datum", fields["body"])
    response = Response(cast("bytes", body.value), status_code=int(status.value))
    for name, header in cast("dict[str, Datum]", fields["headers"]).items():
        response.headers[name] = str(header.value)
    for jar in cast("list[SimpleCookie]", fields["cookies"] or []):
        for morsel in jar.values():
            response.headers.append("set-cookie", morsel.OutputString())
    return response
