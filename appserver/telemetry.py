"""Spans and metrics of the AppServer.

Without a collector OpenTelemetry's API does nothing, and the SDK is not imported.

Source: OpenTelemetry Protocol 1.x, OTLP/HTTP; semantic conventions for HTTP servers.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import structlog
from opentelemetry import metrics, trace
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from appserver.domain.trace import Trace

_FAULT = 500
_IDENTITY = ("app_id", "tenant_id", "definition", "version", "correlation_id", "code")
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_tracer = trace.get_tracer("kuduso")
_meter = metrics.get_meter("kuduso")
_durations = _meter.create_histogram(
    "http.server.request.duration", "s", explicit_bucket_boundaries_advisory=_BUCKETS_S
)
_active = _meter.create_up_down_counter("http.server.active_requests", "{request}")
_propagator = TraceContextTextMapPropagator()

Numbers = Callable[[], Iterable[tuple[float, Mapping[str, str]]]]


@contextmanager
def serving(method: str, traceparent: str | None) -> Generator[Span]:
    """Record one request; a child of the caller's span, if the caller has one."""
    attributes = {"http.request.method": method}
    _active.add(1, attributes)
    try:
        if not _is_traced():
            yield INVALID_SPAN
            return
        parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
        with _tracer.start_as_current_span(
            method, parent, SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:
            yield span
    finally:
        _active.add(-1, attributes)


def note_request(
    span: Span, method: str, route: str | None, status: int, duration_s: float
) -> None:
    """Name a request by its route, with what its log lines are bound to."""
    attributes = {"http.request.method": method, "http.response.status_code": status}
    if route is not None:
        attributes["http.route"] = route
    _durations.record(duration_s, attributes)
    if not span.is_recording():
        return
    span.update_name(method if route is None else f"{method} {route}")
    bound = structlog.contextvars.get_contextvars()
    found = {f"kuduso.{name}": str(bound[name]) for name in _IDENTITY if name in bound}
    span.set_attributes({**attributes, **found})
    if status >= _FAULT:
        span.set_status(StatusCode.ERROR)


def observe(name: str, unit: str, numbers: Numbers) -> None:
    """Export a gauge whose values, each with its attributes, are read when they are exported."""
    _meter.create_observable_gauge(name, [_reading(numbers)], unit)


def observe_sum(name: str, unit: str, numbers: Numbers) -> None:
    """The same for sums that only grow."""
    _meter.create_observable_counter(name, [_reading(numbers)], unit)


def _reading(numbers: Numbers) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def read(_: CallbackOptions) -> Iterable[Observation]:
        return [Observation(value, dict(attributes)) for value, attributes in numbers()]

    return read


@contextmanager
def calling(name: str, request: Trace) -> Generator[Trace]:
    """Record a call of another process, whose span the yielded trace makes a child of this one."""
    if not _is_traced():
        yield request
        return
    with _tracer.start_as_current_span(
        name, kind=SpanKind.CLIENT, record_exception=False, set_status_on_exception=False
    ) as current:
        headers: dict[str, str] = {}
        _propagator.inject(headers)
        try:
            yield replace(request, traceparent=headers.get("traceparent", request.traceparent))
        except BaseException as error:
            current.set_status(StatusCode.ERROR)
            current.set_attribute("error.type", str(getattr(error, "code", type(error).__name__)))
            raise


@cache
def _is_traced() -> bool:
    """Whether spans go anywhere; if not, a request pays for none. Exporting starts before any."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)
