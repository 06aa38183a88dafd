"""`python -m devstack` with a whole stack of its own: what it says, and that nothing is left."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import jwt
import psycopg
import pytest

from devstack.examples import find_example
from devstack.job_client import JobClient, RefusedError, UnreachableError
from devstack.ports import DEFAULT_PORTS, ephemeral_ports, variable
from devstack.postgres import PostgresServer
from tests.integration.devstack.processes import alive, wait_until

TENANT = "5b1f8c1e-0d5f-4a5a-9a47-6ad0c7a3f001"
# A whole stack, and coverage in each of its processes, on a busy machine.
WHOLE_STACK_S = 50.0


class CommandLine:
    """Commands for one root folder, with ports of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ports = ephemeral_ports()
        chosen = {variable(name): str(port) for name, port in self.ports.items()}
        self.environment = {**os.environ, **chosen, "MARK": str(root)}
        self.output = root / "output.txt"
        self.started: list[subprocess.Popen[bytes]] = []

    def arguments(self, *command: str) -> list[str]:
        return [sys.executable, "-m", "devstack", *command, "--root", str(self.root)]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.arguments(*command),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=WHOLE_STACK_S,
            check=False,
        )

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with self.output.open("wb") as output:
            process = subprocess.Popen(
                self.arguments(*command), env=self.environment, stdout=output, stderr=output
            )
        self.started.append(process)
        return process

    def said(self, text: str) -> bool:
        ended = [process.returncode for process in self.started if process.poll() is not None]
        said = text in self.output.read_text()
        assert said or not ended, f"it ended with {ended}: {self.output.read_text()}"
        return said

    def status(self) -> dict[str, dict[str, object]]:
        parts = json.loads(self.run("status", "--json").stdout)["components"]
        return {part["name"]: part for part in parts}


@pytest.fixture
def devstack(tmp_path: Path) -> Iterator[CommandLine]:
    commands = CommandLine(tmp_path)
    yield commands
    for process in commands.started:
        if process.poll() is None:
            process.kill()
        process.wait()
    wait_until(lambda: alive(tmp_path) == [], "the end of every child")


@pytest.mark.parametrize("command", ["up", "run", "down", "status", "env", "token"])
def test_every_command_explains_itself(devstack: CommandLine, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "devstack", command, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"python -m devstack {command}" in done.stdout


def test_without_a_stack_the_commands_say_so(devstack: CommandLine) -> None:
    assert devstack.run("status").returncode == 1
    assert json.loads(devstack.run("status", "--json").stdout)["is_up"] is False
    for command in ("env", "down"):
        done = devstack.run(command)
        assert (done.returncode, done.stdout) == (2, "")
        assert "no stack runs here: start one with `make up`" in done.stderr


def test_a_token_is_printed_alone(devstack: CommandLine) -> None:
    done = devstack.run("token", "--tenant", TENANT, "--apps", "a,b", "--role", "operator")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 1
    claims = jwt.decode(done.stdout.strip(), options={"verify_signature": False})
    assert (claims["tenant_id"], claims["apps"]) == (TENANT, ["a", "b"])
    assert claims["iss"] == f"http://127.0.0.1:{devstack.ports['identity']}"
    assert claims["app_role"] == "operator"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["token", "--tenant", "acme"], "--tenant 'acme' is not a UUID"),
        (["up", "--port", "engine=1"], "--port engine=1: the names are functions"),
        (
            ["run", "--app", "nope"],
            "there is no app 'nope'; the apps are: daylight, layouts, sitefit",
        ),
        (["run", "--example", "nope"], "sitefit has no example 'nope'; the examples are:"),
    ],
)
def test_a_wrong_argument_is_named_and_nothing_starts(
    devstack: CommandLine, command: list[str], expected: str
) -> None:
    done = devstack.run(*command)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not (devstack.root / "logs").exists()


def test_a_taken_port_is_told_before_anything_starts(devstack: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", devstack.ports["identity"])):
        done = devstack.run("up")
    assert done.returncode == 2
    assert f"port {devstack.ports['identity']} (identity) is taken" in done.stderr
    assert "KUDUSO_IDENTITY_PORT" in done.stderr
    assert not (devstack.root / "postgres").exists()


def test_a_whole_stack_serves_until_it_is_told_to_stop(devstack: CommandLine) -> None:
    stack = devstack.start("up")
    wait_until(lambda: devstack.said("Ctrl-C stops everything"), "the stack", WHOLE_STACK_S)
    assert devstack.run("status").returncode == 0
    status = devstack.status()
    assert set(status) == set(DEFAULT_PORTS)
    assert all(part["state"] == "up" and part["pid"] for part in status.values())
    environment = dict(line.split("=", 1) for line in devstack.run("env").stdout.splitlines())
    answer = httpx.get(
        environment["COMPUTE_URL"] + "/version",
        headers={"RhinoComputeKey": environment["COMPUTE_API_KEY"]},
    )
    assert answer.status_code == 200
    assert httpx.get(environment["FUNCTIONS_URL"] + "/health/ready").status_code == 200
    second = devstack.run("up")
    assert second.returncode == 2
    assert f"already running in {devstack.root} (pid {stack.pid})" in second.stderr
    assert f"curl -s -X POST {environment['FUNCTIONS_URL']}/sitefit/jobs/run" in (
        devstack.output.read_text()
    )
    beside = devstack.run("run", "--version", "1.1.0")
    assert beside.returncode == 0, beside.stderr
    assert f"using the running stack (pid {stack.pid})" in beside.stdout
    with (
        JobClient(environment["FUNCTIONS_URL"], "no token") as stranger,
        pytest.raises(RefusedError, match="unauthenticated"),
    ):
        stranger.submit(find_example("sitefit", "minimal"))
    assert devstack.run("down").returncode == 0
    assert stack.wait(10) == 0
    assert alive(devstack.root) == []


def test_a_crash_is_reported_and_everything_stops(devstack: CommandLine) -> None:
    stack = devstack.start("up")
    wait_until(lambda: devstack.said("Ctrl-C stops everything"), "the stack", WHOLE_STACK_S)
    os.kill(int(str(devstack.status()["appserver"]["pid"])), signal.SIGKILL)
    assert stack.wait(20) == 1
    said = devstack.output.read_text()
    assert "appserver ended by itself with exit code -9; its last lines:" in said
    assert str(devstack.root / "logs" / "appserver.log") in said
    assert alive(devstack.root) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_half_way_stops_what_has_started(
    devstack: CommandLine, number: signal.Signals
) -> None:
    stack = devstack.start("up")
    wait_until(lambda: devstack.said("ready in"), "the first part", WHOLE_STACK_S)
    stack.send_signal(number)
    assert stack.wait(20) == 128 + number
    assert alive(devstack.root) == []


def test_a_killed_stack_leaves_nothing_and_the_next_one_starts(devstack: CommandLine) -> None:
    stack = devstack.start("up")
    wait_until(lambda: devstack.said("Ctrl-C stops everything"), "the stack", WHOLE_STACK_S)
    stack.kill()
    wait_until(lambda: alive(devstack.root) == [], "the end of every child")
    assert devstack.run("status").returncode == 1
    done = devstack.run("run", "--app", "sitefit", "--example", "minimal")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "best of 5: score 2.696" in done.stdout
    assert "rotation 90 deg, translation x 5, y 11, z 0 m" in done.stdout
    words = done.stdout.split()
    assert words.index("accepted") < words.index("succeeded")
    (folder,) = (devstack.root / "runs").iterdir()
    assert (folder / "plan.svg").read_text().startswith("<")
    assert (folder / "plan.png").read_bytes().startswith(b"\x89PNG")
    assert "\x1b[" not in done.stdout
    assert alive(devstack.root) == []


def test_a_given_database_is_used(devstack: CommandLine) -> None:
    with PostgresServer(devstack.root / "given", devstack.ports["postgres"]) as server:
        devstack.environment["DATABASE_URL"] = server.url
        done = devstack.run("run", "--version", "1.1.0")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "\nresult: 42" in done.stdout
        with psycopg.connect(server.url) as connection:
            found = connection.execute("SELECT status FROM job").fetchall()
    assert found == [("succeeded",)]
    assert not (devstack.root / "postgres").exists()


def test_an_api_that_does_not_answer_is_named(devstack: CommandLine) -> None:
    url = f"http://127.0.0.1:{devstack.ports['functions']}"
    with (
        JobClient(url, "token") as client,
        pytest.raises(UnreachableError, match=r"POST /sitefit/jobs/run: .*refused"),
    ):
        client.submit(find_example("sitefit", "minimal"))
