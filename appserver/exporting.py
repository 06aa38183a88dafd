"""Send spans and metrics to an OpenTelemetry collector, to Azure Monitor, or to both.

Source: OpenTelemetry Protocol 1.x, OTLP/HTTP in protobuf. Headers, intervals and sampling are the
SDK's own settings (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_METRIC_EXPORT_INTERVAL`, ..).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from opentelemetry import metrics, trace

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics.export import MetricExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

SERVICE = "kuduso-appserver"
# A process that ends waits for a collector that is away no longer than this, twice.
TIMEOUT_S = 2


def start(endpoint: str | None, azure_monitor: str | None = None) -> bool:
    """Export from now on; without either address nothing is, and the answer is no.

    What waits to be sent is sent when the process ends.

    Args:
        endpoint: the base address of a collector, such as `http://127.0.0.1:4318`.
        azure_monitor: a connection string of Application Insights.
    """
    if endpoint is None and azure_monitor is None:
        return False
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({SERVICE_NAME: SERVICE})
    tracers = TracerProvider(resource=resource)
    readers: list[PeriodicExportingMetricReader] = []
    for spans, numbers in _exporters(endpoint, azure_monitor, tracers):
        tracers.add_span_processor(BatchSpanProcessor(spans))
        readers.append(PeriodicExportingMetricReader(numbers))
    trace.set_tracer_provider(tracers)
    metrics.set_meter_provider(MeterProvider(readers, resource=resource))
    return True


def _exporters(
    endpoint: str | None, azure_monitor: str | None, tracers: "TracerProvider"
) -> "Iterator[tuple[SpanExporter, MetricExporter]]":
    if endpoint is not None:
        yield _otlp(endpoint.rstrip("/"))
    if azure_monitor is not None:
        from appserver.azure_monitor import exporters

        yield exporters(azure_monitor, tracers)


def _otlp(base: str) -> "tuple[SpanExporter, MetricExporter]":
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return (
        OTLPSpanExporter(f"{base}/v1/traces", timeout=TIMEOUT_S),
        OTLPMetricExporter(f"{base}/v1/metrics", timeout=TIMEOUT_S),
    )
