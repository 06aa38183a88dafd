"""Send spans and metrics to an OpenTelemetry collector, over HTTP in protobuf.

Source: OpenTelemetry Protocol 1.x, OTLP/HTTP. Headers, intervals and sampling are the SDK's own
settings (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_METRIC_EXPORT_INTERVAL`, `OTEL_TRACES_SAMPLER`, ..).
"""

from functions.telemetry.metrics import measure_with
from functions.telemetry.spans import record_with

SERVICE = "kuduso-functions"
# A process that ends waits for a collector that is away no longer than this, twice.
TIMEOUT_S = 2


def start(endpoint: str | None) -> None:
    """Export to the base address of a collector, such as `http://127.0.0.1:4318`; None: nothing.

    The libraries take about a quarter of a second to import, so they are imported here only. What
    waits to be sent is sent when the process ends.
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
    meters = MeterProvider([reader], resource=resource)
    record_with(tracers.get_tracer("kuduso"))
    measure_with(meters.get_meter("kuduso"))
