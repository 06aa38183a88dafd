"""Several compute children behind one parent: dispatch, patience, and ends of every kind."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.rhino_compute.conftest import (
    client_of,
    definition,
    is_alive,
    output_texts,
    posted,
    processes_below,
    request_of,
    running,
    scripted,
    wait_until,
    waiting,
)

SOLVE = request_of(definition("1.1.0"), value="42")


def events(log: Path, name: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [line for line in lines if line["event"] == name]


@pytest.fixture
def two_children(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str], Path]]:
    log = tmp_path / "log"
    with running("--childcount", "2", log=log) as (url, process):
        yield url, process, log


def test_parent_is_healthy_and_stops_at_once_while_its_child_starts() -> None:
    options = ("--fault", "slow-start", "--slow-start", "30", "--spawn-on-startup")
    with running(*options) as (url, process), client_of(url) as client:
        wait_until(lambda: bool(processes_below(process.pid)))
        assert client.get("/healthcheck").text == "Healthy"
        process.terminate()
        assert process.wait(timeout=3) == 0


def test_no_child_runs_before_the_first_request() -> None:
    with running() as (url, process), client_of(url) as client:
        assert (client.get("/healthcheck").text, client.get("/idlespan").text) == ("Healthy", "-1")
        assert processes_below(process.pid) == set()
        client.get("/version").raise_for_status()
        assert client.get("/idlespan").text == "0"


def test_asking_for_the_number_of_children_starts_them() -> None:
    with running("--childcount", "3") as (url, _), client_of(url) as client:
        wait_until(lambda: client.get("/activechildren").text == "3")


def test_two_children_solve_at_the_same_time(
    two_children: tuple[str, subprocess.Popen[str], Path], tmp_path: Path
) -> None:
    left, right = tmp_path / "left", tmp_path / "right"
    url = two_children[0]
    one, other = (request_of(scripted(waiting(*w))) for w in ((left, right), (right, left)))
    with posted(url, one) as first, posted(url, other) as second:
        assert (first.result().status_code, second.result().status_code) == (200, 200)


def test_one_child_solves_one_definition_at_a_time_but_describes_others(tmp_path: Path) -> None:
    started, go = tmp_path / "started", tmp_path / "go"
    body = request_of(scripted(waiting(started, go)))
    with running() as (url, _), client_of(url) as client, posted(url, body) as first:
        wait_until(started.exists)
        with posted(url, SOLVE) as second:
            described = client.post("/io", json={"algo": definition("1.1.0")}).json()
            assert described["InputNames"] == ["value"]
            assert not second.done()
            go.touch()
            assert (first.result().status_code, second.result().status_code) == (200, 200)


def test_parent_gives_up_but_its_child_keeps_solving(tmp_path: Path) -> None:
    started, go, ended = (tmp_path / name for name in ("started", "go", "ended"))
    script = f"{waiting(started, go)}\nopen({str(ended)!r}, 'w').close()"
    with running(RHINO_COMPUTE_TIMEOUT="0.6") as (url, _), client_of(url) as client:
        answer = client.post("/grasshopper", json=request_of(scripted(script)))
        assert (answer.status_code, answer.content) == (500, b"")
        wait_until(started.exists)
        # The child still has its lock: the next caller waits for nothing.
        assert client.post("/grasshopper", json=SOLVE).status_code == 500
        go.touch()
        wait_until(ended.exists)
        wait_until(lambda: client.post("/grasshopper", json=SOLVE).status_code == 200)


def test_dead_child_at_the_head_makes_the_parent_forget_its_siblings(
    two_children: tuple[str, subprocess.Popen[str], Path],
) -> None:
    url, _, log = two_children
    with client_of(url) as client:
        client.get("/version").raise_for_status()  # its child goes to the front
        head, sibling = (line["child"] for line in events(log, "child_started"))
        os.kill(head, signal.SIGKILL)
        wait_until(lambda: not is_alive(head))
        assert client.post("/grasshopper", json=SOLVE).status_code == 200
        assert is_alive(sibling)
        # The forgotten one is still there, beside two others.
        assert client.get("/activechildren").text == "3"


def test_child_that_answered_answers_again(
    two_children: tuple[str, subprocess.Popen[str], Path],
) -> None:
    body = request_of(scripted("import os\na = os.getpid()"))
    with client_of(two_children[0]) as client:
        pids = [output_texts(client.post("/grasshopper", json=body).json(), "a") for _ in range(4)]
    assert len({pid for (pid,) in pids}) == 1


def test_child_checks_no_key_and_tells_timing_and_type(
    two_children: tuple[str, subprocess.Popen[str], Path],
) -> None:
    url, _, log = two_children
    with client_of(url) as client:
        client.get("/version").raise_for_status()
    port = events(log, "child_started")[0]["port"]
    answer = httpx.post(f"http://127.0.0.1:{port}/grasshopper", json=SOLVE)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["server-timing"].startswith("decode;dur=")
    assert httpx.get(f"http://127.0.0.1:{port}/no/such/page").status_code == 404


def test_children_end_when_nobody_calls_and_start_again() -> None:
    with running("--idlespan", "1") as (url, process), client_of(url) as client:
        client.post("/grasshopper", json=SOLVE).raise_for_status()
        wait_until(lambda: not processes_below(process.pid))
        assert client.post("/grasshopper", json=SOLVE).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_of_a_server_that_ends_during_a_solve(
    tmp_path: Path, number: signal.Signals
) -> None:
    started, never = tmp_path / "started", tmp_path / "never"
    sleeper = "import subprocess\nsubprocess.Popen(['sleep', '600'])\n"
    body = request_of(scripted(sleeper + waiting(started, never)))
    with running("--childcount", "2") as (url, process), posted(url, body) as answer:
        wait_until(started.exists)
        left = processes_below(process.pid)
        assert len(left) >= 5  # two children, their nurseries, processes for scripts, the sleeper
        process.send_signal(number)
        process.wait(timeout=5)
        wait_until(lambda: not any(is_alive(pid) for pid in left))
        assert answer.exception() or answer.result().status_code == 500


def test_request_above_the_set_size_is_refused() -> None:
    with running(RHINO_COMPUTE_MAX_REQUEST_SIZE="100") as (url, _), client_of(url) as client:
        assert client.post("/grasshopper", content=b"x" * 101).status_code == 413
        assert client.post("/grasshopper", content=b"x" * 100).status_code == 500


def test_every_event_is_one_json_line(
    two_children: tuple[str, subprocess.Popen[str], Path],
) -> None:
    url, process, log = two_children
    with client_of(url) as client:
        client.post("/grasshopper", json=request_of(scripted("print('hello')\na = 1")))
    process.terminate()
    process.wait(timeout=5)
    assert events(log, "script_printed")[0]["text"] == "hello\n"
    assert events(log, "answered")[0]["status"] == 200
    assert len(events(log, "child_stopped")) == len(events(log, "child_started")) == 2


def test_wrong_setting_is_one_clear_line() -> None:
    command = [sys.executable, "-m", "devstack.rhino_compute", "--port", "0"]
    environment = {**os.environ, "RHINO_COMPUTE_TIMEOUT": "soon"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "RHINO_COMPUTE_TIMEOUT" in done.stderr.splitlines()[-1]
