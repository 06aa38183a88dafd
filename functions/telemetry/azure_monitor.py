"""Azure Monitor's own exporters: spans and metrics go straight to Application Insights.

Source: azure-monitor-opentelemetry-exporter, `AzureMonitorTraceExporter`,
`AzureMonitorMetricExporter`; docs/adr/0016-telemetry.md says why they are an extra.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics.export import MetricExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

TIMEOUT_S = 2.0


def exporters(
    connection_string: str, tracers: "TracerProvider"
) -> "tuple[SpanExporter, MetricExporter]":
    """One for spans, one for metrics; what cannot be sent is dropped and never kept on disk.

    Raises:
        ModuleNotFoundError: requirements-azure-monitor.txt is not installed.
        ValueError: it is no connection string of Application Insights.
    """
    try:
        from azure.monitor.opentelemetry.exporter import (
            AzureMonitorMetricExporter,
            AzureMonitorTraceExporter,
        )
    except ModuleNotFoundError as error:
        error.add_note("AZURE_MONITOR_CONNECTION_STRING needs requirements-azure-monitor.txt.")
        raise
    return (
        AzureMonitorTraceExporter(
            tracer_provider=tracers,
            connection_string=connection_string,
            disable_offline_storage=True,
            timeout=TIMEOUT_S,
            retry_total=1,
        ),
        AzureMonitorMetricExporter(
            connection_string=connection_string,
            disable_offline_storage=True,
            timeout=TIMEOUT_S,
            retry_total=1,
        ),
    )
