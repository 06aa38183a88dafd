"""Telemetry of a real run: the lines of both deployables, one trace, the metrics."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from devstack.ports import ephemeral_ports
from devstack.settings import StackSettings
from devstack.stack import Stack, running_stack
from tests.e2e.collector import Collector, Span, collecting
from tests.e2e.conftest import Platform, example, wait_until

DOCUMENT = Path(__file__).parents[2] / "docs/telemetry.md"
SECRET_VALUE = 713.40625
EVENT = re.compile(r"[a-z]+(_[a-z]+)+")
SUBMIT = "POST /{app_id}/jobs/run"
SOLVE = "POST /gh/{definition}:{version}/solve"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as running:
        yield running


@pytest.fixture(scope="module")
def exporting_stack(
    tmp_path_factory: pytest.TempPathFactory, collector: Collector
) -> Iterator[Stack]:
    exporter = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "OTEL_METRIC_EXPORT_INTERVAL": "300",
    }
    settings = StackSettings(
        ports=ephemeral_ports(),
        root=tmp_path_factory.mktemp("telemetry"),
        environment={"functions": exporter, "appserver": exporter},
    )
    with running_stack(settings) as running:
        yield running


@pytest.fixture
def exporting(exporting_stack: Stack) -> Iterator[Platform]:
    token = exporting_stack.token(str(uuid4()))
    with httpx.Client(
        base_url=exporting_stack.functions_url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    ) as client:
        yield Platform(exporting_stack, client)


def test_a_job_is_one_trace_from_the_request_to_the_engine(
    exporting: Platform, collector: Collector
) -> None:
    trace_id, client_span = uuid4().hex, "00f067aa0ba902b7"
    answer = exporting.submit({"value": 1}, traceparent=f"00-{trace_id}-{client_span}-01")
    job = exporting.ended(answer.json()["job_id"])

    def spans() -> dict[str, Span] | None:
        found = collector.trace(trace_id)
        # Each process exports on its own: the function app twice, the AppServer once.
        names = {span.name for span in found.values()}
        return found if {"receive doorbell", SUBMIT, "conclude", SOLVE} <= names else None

    found = wait_until(spans, "the trace of the job")
    tree = {span.name: span for span in found.values()}
    parents = {
        name: found[span.parent_id].name if span.parent_id in found else span.parent_id
        for name, span in tree.items()
        if name != "transaction"
    }
    assert parents == {
        SUBMIT: client_span,
        "submit": SUBMIT,
        "send doorbell": "submit",
        "receive doorbell": SUBMIT,
        "claim": "receive doorbell",
        "attempt": "receive doorbell",
        "solve": "attempt",
        SOLVE: "solve",
        "compute solve": SOLVE,
        "conclude": "attempt",
    }
    transactions = {
        found[span.parent_id].name for span in found.values() if span.name == "transaction"
    }
    assert {"submit", "claim", "conclude"} <= transactions
    appserver = {name for name, span in tree.items() if span.service == "kuduso-appserver"}
    assert appserver == {SOLVE, "compute solve"}
    assert tree["solve"].attributes["kuduso.job_id"] == job["job_id"]
    assert tree[SUBMIT].attributes["http.response.status_code"] == 202
    assert answer.headers["traceparent"] == f"00-{trace_id}-{tree[SUBMIT].span_id}-01"


def test_metrics_tell_of_waiting_solving_endings_and_seats(
    exporting: Platform, collector: Collector
) -> None:
    exporting.ended(exporting.accepted({"value": 2}))
    infeasible = example("minimal")
    infeasible["house"]["coordinates"] = [[0, 0], [50, 0], [50, 8], [0, 8], [0, 0]]
    exporting.ended(exporting.accepted(infeasible, "1.0.0"))
    preview = {"version": "1.1.0", "inputs": {"value": 3}}
    assert exporting.client.post("/sitefit/preview", json=preview).status_code in (200, 204)
    exporting.run_function("wake_waiting_jobs")
    documented = set(re.findall(r"^\| `(kuduso\.[a-z_.]+)` \|", DOCUMENT.read_text(), re.MULTILINE))
    assert len(documented) == 13
    wait_until(lambda: documented <= collector.metrics.keys(), "every documented metric")

    def outcomes() -> set[tuple[str, str]]:
        points = collector.metrics["kuduso.job.ended"].sum.data_points
        return {
            (values["kuduso.outcome"], values.get("kuduso.code", ""))
            for values in map(_dimensions, points)
        }

    expected = {("succeeded", ""), ("failed", "domain_violation")}
    wait_until(lambda: expected <= outcomes(), "both outcomes")
    seats = [*map(_dimensions, collector.metrics["kuduso.seats.in_use"].gauge.data_points)]
    lanes = ("batch", "preview")
    assert all({"kuduso.app_id": "sitefit", "kuduso.lane": lane} in seats for lane in lanes)
    [nodes] = collector.metrics["kuduso.appserver.nodes"].gauge.data_points
    assert (_dimensions(nodes), nodes.as_int) == ({"kuduso.state": "ready"}, 1)
    lookups = map(_dimensions, collector.metrics["kuduso.appserver.memo.lookups"].sum.data_points)
    assert {"kuduso.app_id": "sitefit", "kuduso.outcome": "miss"} in lookups
    wait = collector.metrics["kuduso.job.wait"].histogram.data_points[0]
    assert 0 <= wait.sum < 30
    assert not any("tenant" in name for values in [*seats, _dimensions(wait)] for name in values)


def _dimensions(point: Any) -> dict[str, str]:
    return {pair.key: pair.value.string_value for pair in point.attributes}


def test_each_line_is_an_event_with_its_fields_and_no_secret(exporting: Platform) -> None:
    done = exporting.ended(exporting.accepted({"value": SECRET_VALUE}))["job_id"]
    plan = exporting.ended(exporting.accepted(example("minimal"), "1.0.0"))["job_id"]
    links = exporting.result(plan).json()["artifacts"]
    exporting.client.get(f"/sitefit/jobs/{uuid4()}")
    exporting.client.post("/sitefit/jobs/run", json={"inputs": {"value": SECRET_VALUE}})
    anonymous = {"Authorization": "Bearer forged.secret.token"}
    exporting.client.get("/sitefit/jobs/x", headers=anonymous)
    wiring = exporting.stack.wiring
    logs = exporting.stack.settings.root / "logs"
    text = {name: (logs / f"{name}.log").read_text() for name in ("functions", "appserver")}
    fields = _documented_fields()
    for name, lines in text.items():
        # The local host tells the devstack on standard output that it is ready.
        events = {_checked(t, fields) for t in lines.splitlines() if not t.startswith("ready ")}
        assert {"functions": "job_succeeded", "appserver": "request_finished"}[name] in events
        for secret in (
            exporting.client.headers["authorization"].removeprefix("Bearer "),
            "forged.secret.token",
            "Bearer ",
            "sig=",
            links[0]["href"].partition("?")[2],
            str(SECRET_VALUE),
            '"coordinates"',
            wiring.credentials.compute_api_key,
            wiring.credentials.blob_account_key,
            wiring.credentials.database_runtime_password,
        ):
            assert secret not in lines, f"{secret!r} stands in {name}.log"
    ours = [json.loads(line) for line in text["functions"].splitlines() if done in line]
    assert {"job_claimed", "solve_finished", "job_succeeded"} <= {line["event"] for line in ours}


def _documented_fields() -> dict[str, set[str]]:
    """Event to the fields that it always has."""
    rows = re.findall(r"^\| `([a-z_]+)` \| [^|]* \| ([^|]*) \|", DOCUMENT.read_text(), re.MULTILINE)
    return {event: set(re.findall(r"`([a-z_]+)`", fields)) for event, fields in rows}


def _checked(text: str, fields: dict[str, set[str]]) -> str:
    line = json.loads(text)
    assert {"ts", "level", "event"} <= line.keys(), text
    if line.get("logger", "kuduso") == "kuduso":  # others are the local host and libraries
        assert EVENT.fullmatch(line["event"]), text
        assert line["event"] in fields, f"docs/telemetry.md does not know {line['event']}"
        missing = {name for name in fields[line["event"]] if line.get(name) is None}
        assert not missing, f"{line['event']} lacks {missing}"
    return line["event"]
