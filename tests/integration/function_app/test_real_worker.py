"""The function app loads and answers on Microsoft's own Python worker."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv313/bin/python"
SETTINGS = {
    "APP_IDS": "sitefit,daylight",
    "DATABASE_URL": "postgresql://127.0.0.1:1/none",
    "APPSERVER_URL": "http://127.0.0.1:1",
    "JWKS_URL": "http://127.0.0.1:1/jwks",
    "JWT_ISSUER": "nobody",
}
pytestmark = pytest.mark.real_worker


def worker(*options: str) -> Any:
    assert PYTHON.exists(), "run `make worker` first: it needs python3.13"
    command = [str(PYTHON), "-m", "devstack.functions_host.real_worker", str(ROOT), *options]
    environment = os.environ | SETTINGS
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_every_endpoint_queue_and_timer_is_a_function_of_its_own() -> None:
    functions = {entry["name"]: entry["bindings"] for entry in worker("--json")}
    assert {"submit_job", "get_job", "get_result", "health", "relay_outbox"} <= set(functions)
    for app_id in ("sitefit", "daylight"):
        (trigger,) = functions[f"run_job_{app_id}"]
        assert trigger["type"] == "serviceBusTrigger"
        assert trigger["queueName"] == f"jobs-{app_id}"
        assert trigger["connection"] == "SERVICEBUS_CONNECTION"


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
