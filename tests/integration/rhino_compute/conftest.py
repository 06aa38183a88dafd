"""The real server process on a free port."""

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import httpx
import pytest
import rhino3dm

from contracts.grasshopper.builder import DefinitionBuilder

ROOT = Path(__file__).parents[3]
API_KEY = "a-key"
COMMAND = [sys.executable, "-m", "devstack.rhino_compute"]


@contextmanager
def running(
    *options: str, log: Path | None = None, **environment: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    with (log or Path(os.devnull)).open("w") as written:
        process = subprocess.Popen(
            [*COMMAND, "--port", "0", *options],
            cwd=ROOT,
            env={**os.environ, "RHINO_COMPUTE_KEY": API_KEY, **environment},
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
        )
    try:
        assert process.stdout
        word, address = process.stdout.readline().split()
        assert word == "ready"
        yield f"http://{address}", process
    finally:
        process.terminate()
        process.communicate(timeout=10)


@contextmanager
def client_of(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers={"RhinoComputeKey": API_KEY}, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    with running() as (url, _):
        yield url


@pytest.fixture
def compute(server_url: str) -> Iterator[httpx.Client]:
    with client_of(server_url) as client:
        yield client


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_true():
        assert time.monotonic() < deadline


def processes_below(pid: int) -> set[int]:
    """Return the living descendants of a process."""
    parents: dict[int, int] = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(process.name)] = int(status_of(int(process.name))[1])
    below, found = {pid}, {pid}
    while found:
        found = {child for child, parent in parents.items() if parent in found} - below
        below |= found
    return {process for process in below - {pid} if is_alive(process)}


def is_alive(pid: int) -> bool:
    """Return whether any thread of a process runs; one that nobody waited for yet is dead."""
    try:
        threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
        return status_of(pid)[0] != "Z" or threads > 1
    except OSError:
        return False


def status_of(pid: int) -> list[str]:
    """Return the process's state and the id of its parent."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]


@contextmanager
def posted(url: str, body: dict[str, Any], **options: Any) -> Iterator[Future[httpx.Response]]:
    """Send a solve from another thread; its answer is the future's."""
    with ThreadPoolExecutor(1) as threads, client_of(url) as client:
        yield threads.submit(client.post, "/grasshopper", json=body, **options)


def scripted(*sources: str) -> str:
    """Return a definition with a script component for each source; its output is `a`, `b`, ..."""
    builder = DefinitionBuilder("scripted", "")
    for letter, source in zip(ascii_lowercase, sources, strict=False):
        outputs = builder.python_script(f"Go {letter}", source, [], (letter,))
        builder.context_bake(letter, outputs[letter])
    return base64.b64encode(builder.to_gh()).decode()


def waiting(started: Path, go: Path) -> str:
    """Return a script that says it has started and waits for a file."""
    return (
        f"import os, time\nopen({str(started)!r}, 'w').close()\n"
        f"while not os.path.exists({str(go)!r}):\n    time.sleep(0.005)\na = 1"
    )


def definition(version: str) -> str:
    content = (ROOT / f"contracts/sitefit/{version}/sitefit.ghx").read_bytes()
    return base64.b64encode(content).decode()


def closed_curve(corners: list[tuple[float, float]]) -> str:
    points = rhino3dm.Polyline(0)
    for x, y in [*corners, corners[0]]:
        points.Add(x, y, 0)
    return json.dumps(points.ToPolylineCurve().Encode())


def request_of(algo: str, **texts: str) -> dict[str, Any]:
    values = [
        {"ParamName": name, "InnerTree": {"0": [{"type": "any", "data": text}]}}
        for name, text in texts.items()
    ]
    return {"algo": algo, "pointer": None, "values": values}


def output_texts(answer: dict[str, Any], name: str) -> list[Any]:
    found = next(value for value in answer["values"] if value["ParamName"] == name)
    return [json.loads(v["data"]) for branch in found["InnerTree"].values() for v in branch]


@pytest.fixture
def sitefit_request() -> dict[str, Any]:
    return request_of(
        definition("1.0.0"),
        crs='"EPSG:25832"',
        parcel=closed_curve([(0, 0), (20, 0), (20, 30), (0, 30)]),
        house=closed_curve([(0, 0), (10, 0), (10, 8), (0, 8)]),
        rotation=json.dumps('{"min": 0, "max": 180, "step": 5}'),
        grid_step="0.5",
        seed="1",
    )
