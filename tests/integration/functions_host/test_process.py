"""The host as a process: its start, its refusals and its end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from .conftest import APP, DEADLINE_S, ROOT, Bus, Host, make_host, wait_until


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "devstack.functions_host", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A folder with a one-function app that a test may spoil."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "host.json").write_text('{"version": "2.0"}')
    (folder / "function_app.py").write_text(
        "import azure.functions as func\n"
        "app = func.FunctionApp()\n"
        "@app.timer_trigger(arg_name='timer', schedule='%WHEN%')\n"
        "def tick(timer: func.TimerRequest) -> None: ...\n"
    )
    (folder / "local.settings.json").write_text('{"Values": {"WHEN": "0 0 0 1 1 *"}}')
    return folder


def _refusal(app: Path, tmp_path: Path) -> str:
    ended = _run("--app", str(app), "--port", "0", "--state", str(tmp_path / "state"))
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    return ended.stderr.strip().splitlines()[-1]


def test_local_settings_are_defaults_and_the_ready_line_counts_functions(
    app: Path, tmp_path: Path
) -> None:
    host = make_host(tmp_path / "host", "unused", app=app)
    host.start()
    host.wait_ready()

    assert (host.folder / "stdout").read_text() == f"ready 127.0.0.1:{host.port} functions=1\n"
    assert host.stop() == 0


def test_a_taken_port_is_named(app: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = _run("--app", str(app), "--port", str(port), "--state", str(tmp_path / "state"))

    assert ended.returncode == 2
    assert ended.stderr == (
        f"functions_host: port {port} on 127.0.0.1 is taken by another process\n"
    )


@pytest.mark.parametrize(
    ("file", "content", "wanted"),
    [
        ("function_app.py", "import nothing_of_this_name", "ModuleNotFoundError"),
        ("function_app.py", "x = 1", "expected exactly one function app, found 0"),
        ("host.json", '{"version": "2.0", "functionTimeout": "soon"}', "functionTimeout"),
        ("local.settings.json", "{}", "Values"),
        ("local.settings.json", '{"Values": {}}', "app setting WHEN is missing"),
        ("local.settings.json", '{"Values": {"WHEN": "every day"}}', "not an NCRONTAB"),
    ],
)
def test_an_app_that_cannot_be_hosted_is_refused_in_one_line(
    app: Path, tmp_path: Path, file: str, content: str, wanted: str
) -> None:
    (app / file).write_text(content)

    line = _refusal(app, tmp_path)

    assert wanted in line
    assert line.startswith("functions_host: ")


def test_a_trigger_that_nobody_serves_is_refused(app: Path, tmp_path: Path) -> None:
    with (app / "function_app.py").open("a") as script:
        script.write(
            "@app.queue_trigger(arg_name='m', queue_name='q', connection='C')\n"
            "def on_queue(m: func.QueueMessage) -> None: ...\n"
        )

    assert "on_queue: this host does not serve queueTrigger" in _refusal(app, tmp_path)


async def test_a_stop_signal_lets_a_running_call_finish_and_settle(
    tmp_path: Path, bus: Bus
) -> None:
    host = make_host(tmp_path / "host", bus.connection)
    host.environment = {**host.environment, "JOBS_QUEUE": "drained"}
    host.start()
    host.wait_ready()
    client = ServiceBusClient.from_connection_string(bus.connection)
    async with client, client.get_queue_sender("drained") as sender:
        await sender.send_messages(ServiceBusMessage("sleep 1.0", message_id="late"))
        host.wait_seen("on_job", id="late")

        assert host.stop() == 0

        assert host.seen("on_job")[-1]["body"] == "woke up"
        async with client.get_queue_receiver("drained") as receiver:
            assert await receiver.peek_messages() == []


def test_a_call_beyond_the_grace_is_left_and_the_exit_is_still_clean(
    tmp_path: Path, bus: Bus
) -> None:
    host = make_host(tmp_path / "host", bus.connection, "--grace", "0.2")
    host.start()
    host.wait_ready()
    request = "GET /v1/stuck/coroutine HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", host.port)) as connection:
        connection.sendall(request.encode())
        host.wait_event("invocation_started", function="stuck")
        host.child.send_signal(signal.SIGINT)

        assert host.child.wait(5) == 0
    host.wait_event("shutdown_grace_exceeded")


def test_timers_run_at_start_and_on_schedule(host: Host) -> None:
    (start, *_) = host.wait_seen("tick")
    assert start["past_due"] is False
    assert start["status"]["Next"].endswith("-01-01T00:00:00Z")

    wait_until(lambda: len(host.seen("every_second")) >= 2, "two runs")


def test_a_run_missed_while_the_host_was_down_is_past_due(tmp_path: Path, bus: Bus) -> None:
    host = make_host(tmp_path / "host", bus.connection)
    state = tmp_path / "host/state/timers"
    state.mkdir(parents=True)
    long_ago = "2001-01-01T00:00:00Z"
    saved = {"last_at": long_ago, "next_at": "2002-01-01T00:00:00Z", "updated_at": long_ago}
    (state / "tick.json").write_text(json.dumps(saved))
    host.start()
    host.wait_ready()

    (call,) = host.wait_seen("tick")
    assert call["past_due"] is True
    assert call["status"]["Last"] == long_ago
    host.wait_event("invocation_succeeded", function="tick")
    assert host.stop() == 0
    assert json.loads((state / "tick.json").read_text())["updated_at"] > "2026"


def test_the_admin_endpoint_runs_a_timer_and_a_queue_function_at_once(host: Host) -> None:
    before = len(host.wait_seen("tick"))
    with httpx.Client(base_url=f"{host.url}/admin/functions") as client:
        master = {"x-functions-key": "MASTER"}
        assert client.post("/tick", json={"input": ""}).status_code == 401
        assert client.post("/tick?code=HOST-KEY", json={}).status_code == 401
        assert client.post("/nothing", json={}, headers=master).status_code == 404
        assert client.post("/crash", json={}, headers=master).status_code == 400
        assert client.post("/tick", content=b"[]", headers=master).status_code == 400
        assert client.post("/tick", json={"input": ""}, headers=master).status_code == 202
        by_hand = {"input": "by hand"}
        assert client.post("/on_dead_letter", json=by_hand, headers=master).status_code == 202

    wait_until(lambda: len(host.seen("tick")) == before + 1, "one more run")
    host.wait_seen("on_dead_letter", body="by hand")


@pytest.mark.real_worker
def test_microsofts_own_worker_accepts_the_app_and_answers(tmp_path: Path) -> None:
    python = ROOT / ".venv313/bin/python"
    found = str(python) if python.exists() else shutil.which("python3.13")
    assert found, "needs .venv313 with azure-functions-runtime, or python3.13"
    check = [found, "-m", "devstack.functions_host.real_worker", str(APP)]
    environment = {**os.environ, "SEEN_PATH": str(tmp_path / "seen")}

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*check, *options],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    listed = run("--json")
    called = run("--http", "get_job", "--path", "/v1/jobs/7?a=1", "--route", "job_id=7")

    assert listed.returncode == 0, listed.stderr
    names = {one["name"] for one in json.loads(listed.stdout)}
    assert {"get_job", "on_job", "on_batch", "tick"} <= names
    assert called.returncode == 0, called.stdout
    answer = json.loads(called.stdout)["return"]["http"]
    assert answer["status_code"] == "200"
    assert json.loads(answer["body"]["bytes"])["job"] == "7"
