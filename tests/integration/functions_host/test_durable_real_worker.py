"""Microsoft's own worker runs the Durable functions as the local host does."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from devstack.functions_host.durable.calls import orchestrator_trigger
from devstack.functions_host.durable.stored_history import read_history

from .conftest import ROOT
from .orchestrations import DURABLE_APP

PYTHON = ROOT / ".venv313/bin/python"
HISTORIES = ROOT / "tests/fixtures/histories"
pytestmark = pytest.mark.real_worker


def _ask(tmp_path: Path, *options: str, text: str = "") -> Any:
    assert PYTHON.exists(), "run `make worker` first: it needs python3.13"
    done = subprocess.run(
        [str(PYTHON), "-m", "devstack.functions_host.real_worker", str(DURABLE_APP), *options],
        cwd=ROOT,
        env=os.environ | {"SEEN_PATH": str(tmp_path / "seen"), "TASK_HUB": "TestHub"},
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_it_indexes_orchestrators_activities_and_clients(tmp_path: Path) -> None:
    bindings = {one["name"]: one["bindings"] for one in _ask(tmp_path, "--json")}

    kinds = {name: {one["type"] for one in found} for name, found in bindings.items()}
    assert kinds["chain"] == {"orchestrationTrigger"}
    assert kinds["say_hello"] == {"activityTrigger"}
    assert kinds["start"] == {"httpTrigger", "http", "durableClient"}
    (named,) = bindings["nothing"]
    assert named["activity"] == "returns_none"


def test_it_takes_the_trigger_that_the_local_host_makes(tmp_path: Path) -> None:
    history = read_history(HISTORIES / "chain.json")
    trigger = orchestrator_trigger(history.instance_id, history.events, has_past=True)

    answer = _ask(tmp_path, "--text", "chain", text=trigger)

    state = json.loads(answer["return"]["json"])
    assert state["isDone"] is True
    assert state["output"] == ["Hello Paris!", "Hello Rome!", None]
    assert [one["functionName"] for one in state["actions"][0]] == [
        "say_hello",
        "say_hello",
        "returns_none",
    ]


def test_it_runs_an_activity(tmp_path: Path) -> None:
    answer = _ask(tmp_path, "--text", "say_hello", text='"Oslo"')

    assert json.loads(answer["return"]["json"]) == "Hello Oslo!"
