"""Spans and metrics of the AppServer; FastAPI makes those of its requests by itself.

Without a collector OpenTelemetry's API does nothing, and the SDK is not imported.

Source: OpenTelemetry Protocol 1.x, OTLP/HTTP; FastAPI, `telemetry`.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

import structlog
from fastapi.telemetry import TelemetryConfig
from opentelemetry import metrics, trace
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from appserver.domain.trace import Trace

SERVICE = "kuduso-appserver"
# A process that ends waits for a collector that is away no longer than this, twice.
TIMEOUT_S = 2
# Logs have their own way out, and messages of exceptions may quote inputs.
OF_REQUESTS: TelemetryConfig = {"logs": False, "operation_spans": False, "auto_configure": False}
_IDENTITY = ("app_id", "tenant_id", "definition", "version", "correlation_id", "code")
_tracer = trace.get_tracer("kuduso")


def start(endpoint: str | None) -> None:
    """Export to the base address of a collector, such as `http://127.0.0.1:4318`; None: nothing.

    What waits to be sent is sent when the process ends.
    """
    if endpoint is None:
        return
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    base = endpoint.rstrip("/")
    resource = Resource.create({SERVICE_NAME: SERVICE})
    tracers = TracerProvider(resource=resource)
    tracers.add_span_processor(
        BatchSpanProcessor(OTLPSpanExporter(f"{base}/v1/traces", timeout=TIMEOUT_S))
    )
    reader = PeriodicExportingMetricReader(
        OTLPMetricExporter(f"{base}/v1/metrics", timeout=TIMEOUT_S)
    )
    trace.set_tracer_provider(tracers)
    metrics.set_meter_provider(MeterProvider([reader], resource=resource))


def annotate_request() -> None:
    """Give the request's span what its log lines are bound to."""
    bound = structlog.contextvars.get_contextvars()
    found = {f"kuduso.{name}": str(bound[name]) for name in _IDENTITY if name in bound}
    trace.get_current_span().set_attributes(found)


@contextmanager
def calling(name: str, request: Trace) -> Generator[Trace]:
    """Record a call of another process, whose span the yielded trace makes a child of this one."""
    with _tracer.start_as_current_span(
        name, kind=SpanKind.CLIENT, record_exception=False, set_status_on_exception=False
    ) as current:
        headers: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(headers)
        try:
            yield replace(request, traceparent=headers.get("traceparent", request.traceparent))
        except BaseException as error:
            current.set_status(StatusCode.ERROR)
            current.set_attribute("error.type", str(getattr(error, "code", type(error).__name__)))
            raise
