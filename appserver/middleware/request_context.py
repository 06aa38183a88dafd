"""Give each request its trace, echo the correlation id, and log one line when it is over."""

import time
from collections.abc import Callable, Sequence

import structlog
from starlette.datastructures import Headers
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from appserver.domain.trace import Trace
from appserver.telemetry import note_request, serving

CORRELATION_HEADER = b"x-correlation-id"
_log: structlog.stdlib.BoundLogger = structlog.get_logger()


class RequestContext:
    """Outermost: whatever happens inside has a correlation id."""

    def __init__(self, app: ASGIApp, make_id: Callable[[], str], routes: Sequence[Route]) -> None:
        self._app = app
        self._make_id = make_id
        self._paths: dict[object, str] = {route.endpoint: route.path for route in routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        trace = Trace.of_headers(
            headers.get("x-correlation-id"), headers.get("traceparent"), self._make_id()
        )
        scope.setdefault("state", {})["trace"] = trace
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=trace.correlation_id)
        with serving(scope["method"], trace.traceparent) as span:
            started = time.perf_counter()
            status = 0

            async def send_with_id(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    echoed = (CORRELATION_HEADER, trace.correlation_id.encode())
                    message["headers"] = [*message["headers"], echoed]
                await send(message)

            try:
                await self._app(scope, receive, send_with_id)
            finally:
                duration_s = time.perf_counter() - started
                route = self._paths.get(scope.get("endpoint", self))
                note_request(span, scope["method"], route, status, duration_s)
                _log.info(
                    "request_finished",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    duration_ms=round(duration_s * 1000, 1),
                )
