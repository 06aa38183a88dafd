"""Trace, logs, readiness, disconnects and the process itself."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[3]
KEY = "a-key-for-tests"
DEBUG = "/gh/sitefit:1.1.0/solve"
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TENANT = "0a8f1f0e-3f0b-4a3e-9f55-0d1c0a5b7e11"


async def test_the_solve_is_cancelled_when_the_client_leaves(
    serve: Callable[..., Any], misbehaving: Any
) -> None:
    misbehaving.answer = None
    client = await serve(COMPUTE_URL=misbehaving.url)
    asking = asyncio.create_task(client.post(DEBUG, json={"value": 1}))
    await misbehaving.asked.wait()
    assert not misbehaving.left.is_set()
    asking.cancel()
    async with asyncio.timeout(10):  # long before the contract's own time is over
        await misbehaving.left.wait()


async def test_trace_headers_are_echoed_and_passed_on_with_the_key(
    serve: Callable[..., Any], misbehaving: Any
) -> None:
    misbehaving.say(500, b"")
    client = await serve(COMPUTE_URL=misbehaving.url, COMPUTE_API_KEY=KEY)
    headers = {"x-correlation-id": "job-7", "traceparent": PARENT}
    response = await client.post(DEBUG, json={"value": 1}, headers=headers)
    assert response.headers["x-correlation-id"] == response.json()["correlation_id"] == "job-7"
    [request] = misbehaving.requests
    sent = dict(
        line.split(": ", 1) for line in request.decode().split("\r\n\r\n")[0].split("\r\n")[1:]
    )
    passed_on = {name.lower(): value for name, value in sent.items()}
    assert passed_on["rhinocomputekey"] == KEY
    assert passed_on["x-correlation-id"] == "job-7"
    assert passed_on["traceparent"] == PARENT


async def test_a_request_is_one_json_line_without_its_payload(
    client: httpx.AsyncClient, minimal: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    body = {"app_id": "sitefit", "tenant_id": TENANT, "inputs": minimal | {"crs": "EPSG:4711"}}
    await client.post("/gh/sitefit:stable/solve", json=body, headers={"x-correlation-id": "line-1"})
    written = capsys.readouterr().err
    assert "4711" not in written
    [line] = [json.loads(text) for text in written.splitlines() if "line-1" in text]
    assert (line["event"], line["level"], line["status"]) == ("request_finished", "info", 200)
    assert (line["app_id"], line["definition"], line["version"]) == ("sitefit", "sitefit", "1.0.0")
    assert line["tenant_id"] == TENANT
    assert line["duration_ms"] > 0


async def test_an_engine_failure_is_logged_with_what_it_said(
    serve: Callable[..., Any], misbehaving: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    misbehaving.say(502, b"<html>gateway</html>")
    client = await serve(COMPUTE_URL=misbehaving.url)
    await client.post(DEBUG, json={"value": 1}, headers={"x-correlation-id": "line-2"})
    lines = [json.loads(t) for t in capsys.readouterr().err.splitlines() if "line-2" in t]
    events = ["engine_answer_refused", "node_state_changed", "request_finished"]
    assert [line["event"] for line in lines] == events
    assert (lines[0]["engine_status"], lines[0]["engine_first_bytes"]) == (
        502,
        "<html>gateway</html>",
    )
    assert (lines[2]["status"], lines[2]["code"]) == (502, "engine_error")


async def test_an_answer_that_breaks_off_is_not_logged(
    serve: Callable[..., Any], misbehaving: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    misbehaving.say(200, b'{"values": [{"ParamName": "RH_OUT:secret", ')
    client = await serve(COMPUTE_URL=misbehaving.url)
    await client.post(DEBUG, json={"value": 1}, headers={"x-correlation-id": "line-3"})
    written = capsys.readouterr().err
    assert "engine_answer_refused" in written
    assert "secret" not in written


async def test_health_answers_without_an_engine_and_ready_does_not(
    serve: Callable[..., Any], unused_port: int
) -> None:
    client = await serve(COMPUTE_URL=f"http://127.0.0.1:{unused_port}")
    assert (await client.get("/health")).json() == {"status": "ok"}
    response = await client.get("/ready")
    assert response.status_code == 503
    assert response.json()["code"] == "engine_unreachable"
    [reason] = response.json()["errors"]
    assert reason["message"].endswith(": The solve engine does not accept connections.")


async def test_ready_with_the_engine_and_its_key(client: httpx.AsyncClient) -> None:
    assert (await client.get("/ready")).json() == {"status": "ready"}


async def test_not_ready_when_the_engine_refuses_the_key(
    serve: Callable[..., Any], engine_url: str
) -> None:
    client = await serve(COMPUTE_URL=engine_url, COMPUTE_API_KEY="wrong")
    response = await client.get("/ready")
    assert response.status_code == 503
    [reason] = response.json()["errors"]
    assert reason["message"].endswith(": The solve engine failed without an explanation.")


async def test_not_ready_when_the_engine_hangs(serve: Callable[..., Any], misbehaving: Any) -> None:
    misbehaving.answer, misbehaving.is_sick = None, True
    client = await serve(COMPUTE_URL=misbehaving.url, CANARY_TIMEOUT_S="0.2")
    assert (await client.get("/ready")).status_code == 503


async def test_the_registry_shows_every_contract_with_its_hashes(client: httpx.AsyncClient) -> None:
    apps = (await client.get("/health/registry")).json()["apps"]
    rows = {row["version"]: row for row in apps["sitefit"]}
    assert set(rows) == {"1.0.0", "1.1.0"}
    assert (rows["1.0.0"]["channel"], rows["1.1.0"]["channel"]) == ("stable", "debug")
    for row in rows.values():
        assert len(row["plugins_hash"]) == len(row["definition_hash"]) == 64
        assert row["status"] == "ready"


def _start(environment: dict[str, str], port: int) -> subprocess.Popen[str]:
    command = ["-m", "uvicorn", "--factory", "appserver.main:create_app", "--port", str(port)]
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_process_logs_json_lines_and_ends_on_sigterm(unused_port: int) -> None:
    with _start({"USE_COMPUTE": "false", "ALLOW_BARE_INPUTS": "true"}, unused_port) as process:
        assert process.stderr is not None
        lines = []
        while "Uvicorn running" not in (line := process.stderr.readline()):
            assert line, "the process ended early"
            lines.append(line)
        url = f"http://127.0.0.1:{unused_port}/gh/sitefit:1.1.0/solve"
        assert httpx.post(url, json={"value": 1}).status_code == 200
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=10)
    assert process.returncode in (0, -signal.SIGTERM)
    assert output == ""
    events = [json.loads(line)["event"] for line in (*lines, *errors.splitlines())]
    assert events.count("request_finished") == 1


def test_a_missing_setting_stops_the_start_and_is_named(unused_port: int) -> None:
    with _start({"USE_COMPUTE": "true", "COMPUTE_URL": ""}, unused_port) as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode != 0
    assert "COMPUTE_URL is needed unless USE_COMPUTE is false" in errors
