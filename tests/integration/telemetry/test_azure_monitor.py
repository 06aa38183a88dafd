"""Both deployables send spans and metrics to the ingestion endpoint that a setting names."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.conftest import ROOT

FUNCTIONS = """
from functions.bootstrap import build_blueprints
from functions.telemetry.metrics import observe
from functions.telemetry.spans import span
build_blueprints()
with span("receive doorbell", "consumer"):
    with span("solve", "client"):
        pass
observe(None, "info", {"event": "job_claimed", "waited_ms": 250.0, "app_id": "sitefit"})
"""
APPSERVER = """
from opentelemetry import metrics, trace
from appserver.main import create_app
create_app()
with trace.get_tracer("kuduso").start_as_current_span("solve", kind=trace.SpanKind.CLIENT):
    pass
metrics.get_meter("kuduso").create_histogram("kuduso.job.wait", "s").record(0.25)
"""
SETTINGS = {"APP_IDS": "sitefit", "USE_COMPUTE": "false", "ALLOW_BARE_INPUTS": "true"}
# The exporter's reports on itself would leave the machine.
SILENT = {
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "true",
}


@dataclass(slots=True)
class Ingestion:
    port: int = 0
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def connection_string(self) -> str:
        key = "00000000-0000-4000-8000-000000000001"
        return f"InstrumentationKey={key};IngestionEndpoint=http://127.0.0.1:{self.port}/"

    def of(self, role: str, kind: str) -> list[dict[str, Any]]:
        return [
            entry["data"]["baseData"]
            for entry in self.entries
            if entry["tags"]["ai.cloud.role"] == role and entry["data"]["baseType"] == kind
        ]


@contextmanager
def ingestion() -> Iterator[Ingestion]:
    """What stands for Application Insights: takes what is posted to `/v2.1/track`."""
    found = Ingestion()

    class Track(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            is_zipped = self.headers.get("content-encoding") == "gzip"
            entries = json.loads(gzip.decompress(body) if is_zipped else body)
            found.entries.extend(entries if self.path == "/v2.1/track" else [])
            count = len(entries)
            answer = {"itemsReceived": count, "itemsAccepted": count, "errors": []}
            text = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Track) as server:
        found.port = server.server_address[1]
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield found
        server.shutdown()
        serving.join()


def run(code: str, connection_string: str) -> subprocess.CompletedProcess[str]:
    """A deployable in a process of its own: exporters and providers are the process's."""
    settings = {**SETTINGS, **SILENT, "AZURE_MONITOR_CONNECTION_STRING": connection_string}
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=50
    )


@pytest.mark.parametrize(
    ("code", "role"), [(FUNCTIONS, "kuduso-functions"), (APPSERVER, "kuduso-appserver")]
)
def test_spans_and_metrics_arrive(code: str, role: str) -> None:
    with ingestion() as found:
        done = run(code, found.connection_string)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert [span["name"] for span in found.of(role, "RemoteDependencyData")] == ["solve"]
    metrics = [metric for one in found.of(role, "MetricData") for metric in one["metrics"]]
    assert {"name": "kuduso.job.wait", "value": 0.25}.items() <= metrics[0].items()


def test_spans_of_one_trace_stay_together() -> None:
    with ingestion() as found:
        run(FUNCTIONS, found.connection_string)
    spans = [one for one in found.entries if one["data"]["baseType"] != "MetricData"]
    assert {one["data"]["baseType"] for one in spans} == {"RequestData", "RemoteDependencyData"}
    assert len({one["tags"]["ai.operation.id"] for one in spans}) == 1


@pytest.mark.parametrize("package", ["functions.telemetry", "appserver"])
def test_a_missing_extra_is_named(package: str) -> None:
    code = (
        "import sys; sys.modules['azure.monitor.opentelemetry.exporter'] = None\n"
        "import azure.monitor; from opentelemetry.sdk.trace import TracerProvider\n"
        f"from {package}.azure_monitor import exporters\n"
        "exporters('InstrumentationKey=x', TracerProvider())"
    )
    done = run(code, "unused")
    assert done.returncode != 0
    assert "requirements-azure-monitor.txt" in done.stderr
