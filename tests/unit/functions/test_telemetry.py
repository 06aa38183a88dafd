"""Spans and metrics: where a span hangs, what an event measures, and that off means off."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from functions.domain.errors import JobFailedError
from functions.telemetry.metrics import measure_with, observe
from functions.telemetry.spans import annotate, current_traceparent, record_with, span, traced

FOREIGN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def exported() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    record_with(provider.get_tracer("test"))
    structlog.contextvars.clear_contextvars()
    yield exporter
    record_with(None)
    structlog.contextvars.clear_contextvars()
    provider.shutdown()


@pytest.fixture
def reader() -> Iterator[InMemoryMetricReader]:
    memory = InMemoryMetricReader()
    provider = MeterProvider([memory], shutdown_on_exit=False)
    measure_with(provider.get_meter("test"))
    yield memory
    measure_with(None)
    provider.shutdown()


def test_no_exporter_is_imported_until_a_collector_is_named() -> None:
    # The Durable SDK imports OpenTelemetry's API itself.
    code = (
        "import sys, function_app; from functions.telemetry.spans import span\n"
        "with span('x', 'server', parent='y'): pass\n"
        "heavy = ('opentelemetry.sdk', 'opentelemetry.exporter')\n"
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    environment = {"APP_IDS": "sitefit", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_span_continues_the_callers_trace(exported: InMemorySpanExporter) -> None:
    with span("request", "server", parent=FOREIGN):
        passed_on = current_traceparent()
    (request,) = exported.get_finished_spans()
    assert request.parent is not None
    assert request.context is not None
    assert f"{request.parent.span_id:016x}" == "00f067aa0ba902b7"
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    assert passed_on == f"00-{trace_id}-{request.context.span_id:016x}-01"


@pytest.mark.parametrize("parent", [None, "", "nonsense", FOREIGN.replace("4bf9", "zzzz")])
def test_a_bad_parent_begins_a_trace(exported: InMemorySpanExporter, parent: str | None) -> None:
    with span("request", parent=parent):
        pass
    (request,) = exported.get_finished_spans()
    assert request.parent is None


def test_a_job_found_for_somebody_else_keeps_its_own_trace(exported: InMemorySpanExporter) -> None:
    with span("doorbell"):
        with span("attempt", parent=FOREIGN):
            pass
        with span("attempt", parent=current_traceparent()):
            pass
    foreign, own, doorbell = exported.get_finished_spans()
    assert foreign.parent is not None
    assert f"{foreign.parent.trace_id:032x}" == FOREIGN.split("-")[1]
    assert [link.context for link in foreign.links] == [doorbell.context]
    assert (own.parent, own.links) == (doorbell.context, ())


async def test_a_failure_is_told_by_its_code_and_never_by_its_text(
    exported: InMemorySpanExporter,
) -> None:
    @traced("solve", "client")
    async def solve() -> None:
        annotate({"http.response.status_code": 503})
        structlog.contextvars.bind_contextvars(job_id="j", status=1)
        raise JobFailedError("secret inputs", code="engine_error")

    with pytest.raises(JobFailedError):
        await solve()
    (found,) = exported.get_finished_spans()
    assert found.attributes == {
        "http.response.status_code": 503,
        "error.type": "engine_error",
        "kuduso.job_id": "j",
    }
    assert found.status.status_code.name == "ERROR"
    assert "secret" not in found.to_json()


def measured(reader: InMemoryMetricReader) -> dict[str, Any]:
    """The one point of each metric."""
    exported = reader.get_metrics_data()
    assert exported is not None
    (resource,) = exported.resource_metrics
    (scope,) = resource.scope_metrics
    return {metric.name: metric.data.data_points[0] for metric in scope.metrics}


def test_the_end_of_a_run_is_measured(reader: InMemoryMetricReader) -> None:
    event = {"event": "job_failed", "app_id": "a", "tenant_id": "t", "code": "engine_error"}
    line = {**event, "attempt": 3, "duration_ms": 1500.0}
    assert observe(None, "info", line) is line
    points = measured(reader)
    assert points.keys() == {"kuduso.job.total", "kuduso.job.attempts", "kuduso.job.ended"}
    assert (points["kuduso.job.total"].sum, points["kuduso.job.attempts"].sum) == (1.5, 3)
    assert points["kuduso.job.ended"].value == 1
    assert dict(points["kuduso.job.ended"].attributes) == {
        "kuduso.app_id": "a",
        "kuduso.code": "engine_error",
        "kuduso.outcome": "failed",
    }


def test_jobs_that_never_ran_are_counted_only(reader: InMemoryMetricReader) -> None:
    observe(None, "warning", {"event": "jobs_expired", "count": 7, "code": "queue_timeout"})
    points = measured(reader)
    assert points.keys() == {"kuduso.job.ended"}
    assert points["kuduso.job.ended"].value == 7


def test_waiting_solving_and_seats_are_measured(reader: InMemoryMetricReader) -> None:
    observe(None, "info", {"event": "job_claimed", "waited_ms": 250.0})
    observe(None, "info", {"event": "solve_finished", "duration_ms": 40.0, "code": "ok"})
    observe(None, "debug", {"event": "seats_counted", "in_use": 3})
    observe(None, "info", {"event": "request_answered"})
    points = measured(reader)
    assert points["kuduso.job.wait"].sum == 0.25
    assert points["kuduso.job.solve"].sum == pytest.approx(0.04)
    assert points["kuduso.seats.in_use"].value == 3
    assert len(points) == 3
