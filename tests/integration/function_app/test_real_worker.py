"""The function app loads and answers on Microsoft's own Python worker."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from devstack.functions_host.durable.calls import orchestrator_trigger
from devstack.functions_host.durable.stored_history import read_history

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv313/bin/python"
SETTINGS = {
    "APP_IDS": "sitefit,daylight",
    "DATABASE_URL": "postgresql://127.0.0.1:1/none",
    "APPSERVER_URL": "http://127.0.0.1:1",
    "JWKS_URL": "http://127.0.0.1:1/jwks",
    "JWT_ISSUER": "nobody",
}
HISTORIES = ROOT / "tests/fixtures/histories/product"
TASK_SCHEDULED = 4
pytestmark = pytest.mark.real_worker


def worker(*options: str, text: str = "") -> Any:
    assert PYTHON.exists(), "run `make worker` first: it needs python3.13"
    command = [str(PYTHON), "-m", "devstack.functions_host.real_worker", str(ROOT), *options]
    environment = os.environ | SETTINGS
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_every_endpoint_queue_and_timer_is_a_function_of_its_own() -> None:
    functions = {entry["name"]: entry["bindings"] for entry in worker("--json")}
    assert {"submit_job", "get_job", "get_result", "health", "relay_outbox"} <= set(functions)
    for app_id in ("sitefit", "daylight"):
        trigger, client = functions[f"run_job_{app_id}"]
        assert client["type"] == "durableClient"
        assert trigger["type"] == "serviceBusTrigger"
        assert trigger["queueName"] == f"jobs-{app_id}"
        assert trigger["connection"] == "SERVICEBUS_CONNECTION"


def test_orchestrations_and_their_timers_are_functions_too() -> None:
    functions = {entry["name"]: entry["bindings"] for entry in worker("--json")}
    kinds = {name: {one["type"] for one in found} for name, found in functions.items()}
    assert kinds["lead_long_run"] == kinds["follow_study"] == {"orchestrationTrigger"}
    assert kinds["advance_long_run"] == kinds["advance_study"] == {"activityTrigger"}
    assert kinds["purge_orchestrations"] == {"timerTrigger", "durableClient"}


@pytest.mark.parametrize("name", ["long_run_succeeded", "study_finished"])
def test_an_orchestration_replays_to_its_recorded_end(name: str) -> None:
    history = read_history(HISTORIES / f"{name}.json")
    trigger = orchestrator_trigger(history.instance_id, history.events, has_past=True)
    state = json.loads(worker("--text", history.name, text=trigger)["return"]["json"])
    scheduled = [one["Name"] for one in history.events if one["EventType"] == TASK_SCHEDULED]
    assert state["isDone"] is True
    assert re.findall(r'"functionName": "(\w+)"', json.dumps(state["actions"])) == scheduled


def test_liveness_answers() -> None:
    answer = worker("--http", "health", "--path", "/health")["return"]["http"]
    assert answer["status_code"] == "200"
    assert json.loads(answer["body"]["bytes"]) == {"status": "alive"}


def test_a_missing_token_is_a_problem_document() -> None:
    options = ("--method", "POST", "--route", "app_id=sitefit", "--body", "{}")
    called = worker("--http", "submit_job", "--path", "/sitefit/jobs/run", *options)
    answer = called["return"]["http"]
    assert answer["status_code"] == "401"
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert json.loads(answer["body"]["bytes"])["code"] == "unauthenticated"
