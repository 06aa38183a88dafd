"""Latency of the job API at rest, on a local stack of its own.

    .venv/bin/python -m bench.latency [--jobs 100]

Prints p50 and p95 in milliseconds: the import of function_app, POST jobs/run, POST to succeeded
for sitefit 1.1.0 (followed by polling every 2 ms), and the minimal sitefit solve through the
AppServer. Numbers of different machines, or of a busy one, do not compare.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from devstack.ports import ephemeral_ports  # noqa: E402 - the repository is no installed package
from devstack.settings import StackSettings  # noqa: E402
from devstack.stack import Stack, running_stack  # noqa: E402

POLL_S = 0.002
WARM_UP = 5
NO_CACHE = {"Cache-Control": "no-cache"}  # an equal finished job would answer at once


def main() -> None:
    parser = argparse.ArgumentParser(description="Latency of the job API at rest.")
    parser.add_argument("--jobs", type=int, default=100, help="jobs to measure (100)")
    jobs = parser.parse_args().jobs
    report("import function_app", [import_ms() for _ in range(5)])
    with tempfile.TemporaryDirectory() as folder:
        settings = StackSettings(ports=ephemeral_ports(), root=Path(folder))
        with running_stack(settings) as stack, client_of(stack) as client:
            submits, ends = job_latencies(client, jobs)
            report("POST jobs/run -> 202", submits)
            report("POST -> succeeded, sitefit 1.1.0", ends)
            report("sitefit minimal solve, AppServer", solve_latencies(stack))


def client_of(stack: Stack) -> httpx.Client:
    token = stack.token(str(uuid4()))
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=stack.functions_url, headers=headers, timeout=30)


def job_latencies(client: httpx.Client, jobs: int) -> tuple[list[float], list[float]]:
    submits: list[float] = []
    ends: list[float] = []
    for number in range(jobs + WARM_UP):
        started = time.perf_counter()
        body = {"version": "1.1.0", "inputs": {"value": number % 1000}}
        job = (
            client.post("/sitefit/jobs/run", json=body, headers=NO_CACHE).raise_for_status().json()
        )
        submitted = time.perf_counter()
        path = job["links"]["self"]
        while (status := client.get(path).json()["status"]) in ("queued", "running"):
            time.sleep(POLL_S)
        assert status == "succeeded", status
        if number >= WARM_UP:
            submits.append((submitted - started) * 1000)
            ends.append((time.perf_counter() - started) * 1000)
    return submits, ends


def solve_latencies(stack: Stack, solves: int = 20) -> list[float]:
    inputs = json.loads((ROOT / "contracts/sitefit/1.0.0/examples/valid/minimal.json").read_text())
    with httpx.Client(base_url=stack.wiring.url("appserver"), timeout=60) as client:

        def solve() -> None:
            client.post("/gh/sitefit:1.0.0/solve", json=inputs).raise_for_status()

        solve()
        return [duration_ms(solve) for _ in range(solves)]


def import_ms() -> float:
    """A fresh interpreter with compiled modules: what a cold start pays for our code."""
    cache = tempfile.gettempdir() + "/kuduso-bench-pycache"
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"APP_IDS": "sitefit", "PYTHONPYCACHEPREFIX": cache}
    code = (
        "import time; t = time.perf_counter(); import function_app; print(time.perf_counter() - t)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout) * 1000


def duration_ms(call: Callable[[], None]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def report(what: str, durations_ms: list[float]) -> None:
    p95 = statistics.quantiles(durations_ms, n=20)[18]
    p50 = statistics.median(durations_ms)
    print(f"{what:36} n={len(durations_ms):4}  p50 {p50:7.1f} ms  p95 {p95:7.1f} ms", flush=True)


if __name__ == "__main__":
    main()
