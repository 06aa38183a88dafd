"""The Functions host as a process, next to the Service Bus emulator as a process."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest

if TYPE_CHECKING:
    from .orchestrations import Orchestrations

T = TypeVar("T")
ROOT = Path(__file__).parents[3]
APP = ROOT / "tests/fixtures/functions_app"
DEADLINE_S = 20.0
QUEUES = {
    "queues": {
        "jobs": {"lock_s": 1, "max_delivery_count": 3, "duplicate_window_s": 0},
        "drained": {},
        "out": {},
        "done": {},
        "binary": {},
        "batch": {},
    }
}
KEYS = {
    "master": "MASTER",
    "host": {"default": "HOST-KEY"},
    "functions": {"create_job": {"default": "FUNCTION-KEY"}},
    "system": {"durabletask_extension": "SYSTEM-KEY"},
}


def wait_until(probe: Callable[[], T], wanted: str, deadline_s: float = DEADLINE_S) -> T:
    """The first truthy answer of a probe; fails when none comes."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        if found := probe():
            return found
        time.sleep(0.01)
    pytest.fail(f"not seen within {deadline_s} s: {wanted}")


@dataclass
class Process:
    """A child that prints `ready 127.0.0.1:PORT ...`."""

    arguments: list[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = 0

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "stdout").open("w") as out, (self.folder / "stderr").open("w") as err:
            self.child = subprocess.Popen(
                [sys.executable, "-m", *self.arguments],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdout=out,
                stderr=err,
            )

    def wait_ready(self) -> None:
        self.port = int(wait_until(self._ready, f"the ready line of {self.arguments[0]}"))

    def _ready(self) -> str:
        """The port that the ready line names, "" before it is printed."""
        assert self.child.poll() is None, (self.folder / "stderr").read_text()
        printed = (self.folder / "stdout").read_text()
        match = re.search(r"^ready 127\.0\.0\.1:(\d+)", printed, re.MULTILINE)
        return match.group(1) if match else ""

    def stop(self) -> int:
        self.child.send_signal(signal.SIGTERM)
        return self.child.wait(DEADLINE_S)


class Bus(Process):
    @property
    def connection(self) -> str:
        return (
            f"Endpoint=sb://127.0.0.1:{self.port};SharedAccessKeyName=RootManageSharedAccessKey;"
            "SharedAccessKey=kuduso-development-only-key;UseDevelopmentEmulator=true"
        )


class Host(Process):
    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def events(self) -> list[dict[str, Any]]:
        lines = (self.folder / "stderr").read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def seen(self, function: str) -> list[dict[str, Any]]:
        path = self.folder / "seen"
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        calls = [json.loads(line) for line in lines if line.endswith("\n")]
        return [call for call in calls if call["function"] == function]

    def wait_seen(self, function: str, **wanted: object) -> list[dict[str, Any]]:
        """All calls that match, as soon as there is one."""
        return wait_until(
            lambda: [call for call in self.seen(function) if wanted.items() <= call.items()],
            f"{function} {wanted}",
        )

    def wait_event(self, event: str, **wanted: object) -> list[dict[str, Any]]:
        wanted["event"] = event
        return wait_until(
            lambda: [one for one in self.events() if wanted.items() <= one.items()], f"{wanted}"
        )


def make_bus(folder: Path, port: int = 0) -> Bus:
    folder.mkdir(parents=True, exist_ok=True)
    queues = folder / "queues.json"
    queues.write_text(json.dumps(QUEUES))
    arguments = ["devstack.service_bus", "--port", str(port), "--queues", str(queues)]
    return Bus([*arguments, "--database", str(folder / "bus.db")], folder)


def make_host(folder: Path, connection: str, *options: str, app: Path = APP) -> Host:
    folder.mkdir(parents=True, exist_ok=True)
    keys = folder / "keys.json"
    keys.write_text(json.dumps(KEYS))
    arguments = ["devstack.functions_host", "--app", str(app), "--port", "0", "--keys", str(keys)]
    environment = {
        "SB": connection,
        "JOBS_QUEUE": "jobs",
        "OUT_QUEUE": "out",
        "SEEN_PATH": str(folder / "seen"),
    }
    return Host([*arguments, "--state", str(folder / "state"), *options], folder, environment)


@pytest.fixture(scope="session")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bus]:
    process = make_bus(tmp_path_factory.mktemp("bus"))
    process.start()
    process.wait_ready()
    yield process
    assert process.stop() == 0


@pytest.fixture(scope="session")
def host(bus: Bus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    process = make_host(tmp_path_factory.mktemp("host"), bus.connection)
    process.start()
    process.wait_ready()
    yield process
    assert process.stop() == 0


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Orchestrations"]:
    from .orchestrations import Orchestrations, make_durable_host

    process = make_durable_host(tmp_path_factory.mktemp("durable"))
    process.start()
    process.wait_ready()
    with httpx.Client(base_url=process.url, timeout=10) as client:
        yield Orchestrations(process, client)
    assert process.stop() == 0
