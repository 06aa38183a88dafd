"""Rhino.Compute's protocol over HTTP, from a real process."""

import base64
import json
import signal
import subprocess
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.grasshopper.builder import DefinitionBuilder, NumberRange
from tests.integration.rhino_compute.conftest import (
    COMMAND,
    ROOT,
    client_of,
    closed_curve,
    definition,
    output_texts,
    posted,
    request_of,
    running,
    scripted,
    wait_until,
    waiting,
)

FIXED = {
    "/": "compute.rhino3d",
    "/healthcheck": "Healthy",
    "/launch": "",
    "/robots.txt": "User-agent: *\nDisallow: / ",
    "/sdk": "[]",
    "/no/such/page": "",
    "/plugins/gh/installed": '{"LadybugGrasshopper": "0.0.0.1"}',
    "/plugins/rhino/installed": "{}",
}


def test_number_plus_ten(compute: httpx.Client) -> None:
    answer = compute.post("/grasshopper", json=request_of(definition("1.1.0"), value="42.0"))
    assert answer.status_code == 200
    assert not {"content-type", "server-timing"} & set(answer.headers)  # the proxy drops them
    solved = answer.json()
    assert solved["values"] == [
        {
            "ParamName": "result",
            "InnerTree": {"{0}": [{"type": "System.Double", "data": "52.0"}]},
        }
    ]
    assert (solved["modelunits"], solved["dataversion"]) == ("Millimeters", 7)
    assert solved["pointer"].startswith("md5_")
    assert "errors" not in solved


def test_sitefit_golden(compute: httpx.Client, sitefit_request: dict[str, Any]) -> None:
    solved = compute.post("/grasshopper", json=sitefit_request).json()
    assert output_texts(solved, "id") == ["r1", "r2", "r3", "r4", "r5"]
    transform = json.loads(output_texts(solved, "transform")[0])
    assert transform["rotation"]["value"] == 90
    assert transform["translation"] == {"x": 5.0, "y": 11.0, "z": 0.0, "units": "m"}
    assert json.loads(output_texts(solved, "score")[0]) == 2.696
    assert json.loads(output_texts(solved, "metrics")[0])["min_setback_m"] == 6.0
    assert output_texts(solved, "plan_svg")[0].startswith("<svg")
    assert len(json.loads(output_texts(solved, "plan_geojson")[0])["features"]) == 6


def test_sitefit_that_fits_nowhere_answers_no_values(
    compute: httpx.Client, sitefit_request: dict[str, Any]
) -> None:
    house = closed_curve([(0, 0), (50, 0), (50, 50), (0, 50)])
    for value in sitefit_request["values"]:
        if value["ParamName"] == "house":
            value["InnerTree"]["0"][0]["data"] = house
    answer = compute.post("/grasshopper", json=sitefit_request)
    assert answer.status_code == 200
    outputs = ("id", "transform", "score", "metrics", "tags")
    assert [output_texts(answer.json(), name) for name in outputs] == [[]] * 5
    assert len(output_texts(answer.json(), "plan_geojson")) == 1


def test_runtime_error_is_a_500_with_the_whole_answer(compute: httpx.Client) -> None:
    answer = compute.post("/grasshopper", json=request_of(scripted("a = 1 / 0")))
    assert answer.status_code == 500
    assert answer.json()["errors"][0].startswith("ZeroDivisionError: division by zero (line 1): ")
    assert answer.json()["values"] == [{"ParamName": "a", "InnerTree": {}}]


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"\xff\xfe",
        b"{}",
        json.dumps(request_of("***")).encode(),
        json.dumps({"algo": definition("1.1.0"), "values": None}).encode(),
        json.dumps({**request_of(definition("1.1.0"), value="x")}).encode(),
    ],
    ids=["text", "bytes", "nothing", "base64", "null values", "value"],
)
def test_malformed_request_is_an_empty_500(compute: httpx.Client, body: bytes) -> None:
    answer = compute.post("/grasshopper", content=body)
    assert (answer.status_code, answer.content) == (500, b"")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize(("path", "text"), FIXED.items())
def test_fixed_route(compute: httpx.Client, path: str, text: str) -> None:
    answer = compute.get(path)
    assert (answer.status_code, answer.text) == (200, text)


def test_versions_and_time_are_json(compute: httpx.Client) -> None:
    assert set(compute.get("/version").json()) == {"rhino", "compute", "git_sha"}
    assert isinstance(compute.get("/servertime").json(), str)


def test_io_describes_the_definition(compute: httpx.Client) -> None:
    described = compute.post("/io", json={"algo": definition("1.1.0")}).json()
    assert (described["InputNames"], described["OutputNames"]) == (["value"], ["result"])
    assert described["Inputs"][0]["Minimum"] == 0


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("headers", "text"),
    [({}, "Api Key was not provided."), ({"RhinoComputeKey": "no"}, "Unauthorized client.")],
)
def test_every_route_needs_the_key(
    server_url: str, method: str, headers: dict[str, str], text: str
) -> None:
    answer = httpx.request(method, f"{server_url}/healthcheck", headers=headers)
    assert (answer.status_code, answer.text) == (401, text)


def test_request_too_large_is_refused(server_url: str) -> None:
    connection = HTTPConnection(server_url.removeprefix("http://"))
    connection.putrequest("POST", "/grasshopper")
    connection.putheader("RhinoComputeKey", "a-key")
    connection.putheader("Content-Length", str(60 << 20))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_health_answers_during_a_solve_and_the_solve_outlives_its_client(
    compute: httpx.Client, server_url: str, tmp_path: Path
) -> None:
    started, go, ended = (tmp_path / name for name in ("started", "go", "ended"))
    script = f"{waiting(started, go)}\nopen({str(ended)!r}, 'w').close()"
    with posted(server_url, request_of(scripted(script)), timeout=0.2) as answer:
        wait_until(started.exists)
        assert compute.get("/healthcheck").text == "Healthy"
        assert isinstance(answer.exception(), httpx.ReadTimeout)
        assert not ended.exists()
        go.touch()
        wait_until(ended.exists)


def adding() -> str:
    builder = DefinitionBuilder("adding", "")
    left = builder.get_number("A", NumberRange(0, 100, 3))
    builder.context_bake("sum", builder.calculate("Addition", left, builder.get_number("B")))
    return base64.b64encode(builder.to_gh()).decode()


@pytest.mark.parametrize(("options", "expected"), [((), 4.0), (("--sticky-inputs",), 43.0)])
def test_omitted_input_is_sticky_only_when_asked(options: tuple[str, ...], expected: float) -> None:
    with running(*options) as (url, _), client_of(url) as client:
        client.post("/grasshopper", json=request_of(adding(), A="42", B="1"))
        solved = client.post("/grasshopper", json=request_of(adding(), B="1")).json()
        assert output_texts(solved, "sum") == [expected]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_the_server_cleanly(number: signal.Signals) -> None:
    with running() as (url, process):
        assert httpx.get(url).status_code == 401
        process.send_signal(number)
        assert process.wait(timeout=5) == 0


def test_taken_port_is_one_clear_line(server_url: str) -> None:
    port = server_url.rpartition(":")[2]
    done = subprocess.run(
        [*COMMAND, "--port", port], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"port {port} cannot be used: Address already in use\n"


def test_help_names_the_options() -> None:
    shown = subprocess.run(
        [*COMMAND, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    options = {"--port", "--childcount", "--sticky-inputs", "--script-memory", "--fault"}
    assert options <= set(shown.stdout.split())
