"""How fast a study of sitefit 1.1.0 goes, on a local stack of its own.

    .venv/bin/python -m bench.studies [--points 200 1000] [--concurrency N]

Prints for each size the seconds from POST to the study's end with its files stored, and the
milliseconds a point, also those of processors by part of the stack; then the most events that an
orchestration's history had at any time. `bench.jobs` says what the same jobs take without a
study. Numbers of different machines, or of a busy one, do not compare.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.cpu_time import cpu_ms  # noqa: E402 - the repository is no installed package
from devstack.ports import ephemeral_ports  # noqa: E402 - as above
from devstack.settings import StackSettings  # noqa: E402
from devstack.stack import Stack, running_stack  # noqa: E402

POLL_S = 0.1
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """What one study took; `events` is the longest history that was seen."""

    points: int
    took_s: float
    cpu_ms: dict[str, float]
    events: int

    def __str__(self) -> str:
        spent = {part: ms / self.points for part, ms in self.cpu_ms.items()}
        parts = ", ".join(f"{part} {ms:.1f}" for part, ms in spent.items())
        return (
            f"{self.points} points: {self.took_s:.2f} s, "
            f"{self.took_s / self.points * 1000:.1f} ms a point\n"
            f"  processor ms a point: {sum(spent.values()):.1f} ({parts})\n"
            f"  longest history: {self.events} events"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast a study goes.")
    parser.add_argument("--points", type=int, nargs="+", default=[200, 1000])
    parser.add_argument("--concurrency", type=int, help="unfinished jobs of the study")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = StackSettings(ports=ephemeral_ports(), root=Path(folder))
        with running_stack(settings) as stack:
            measure(stack, WARM_UP, wanted.concurrency)
            for points in wanted.points:
                print(measure(stack, points, wanted.concurrency), flush=True)


def measure(stack: Stack, points: int, concurrency: int | None) -> Figures:
    """From the submission to the end, for a fresh tenant without results to reuse."""
    token = stack.token(str(uuid4()))
    headers = {"Authorization": f"Bearer {token}"}
    space: dict[str, object] = {
        "type": "latin_hypercube",
        "count": points,
        "seed": 1,
        "parameters": [{"path": "$.value", "min": 0, "max": 1000}],
    }
    body: dict[str, object] = {
        "version": "1.1.0",
        "space": space,
        "objectives": [{"path": "$.result", "goal": "max"}],
    }
    if concurrency is not None:
        body["concurrency"] = concurrency
    events = 0
    with httpx.Client(base_url=stack.functions_url, headers=headers, timeout=60) as client:
        before, started = cpu_ms(stack), time.perf_counter()
        answer = client.post("/sitefit/studies", json=body).raise_for_status()
        path = answer.json()["links"]["self"]
        while (study := client.get(path).json())["status"] == "running":
            events = max(events, longest_history(stack))
            time.sleep(POLL_S)
        took_s, after = time.perf_counter() - started, cpu_ms(stack)
        rows = client.get(f"{path}/results?limit=1000").json()["rows"]
    assert study["counts"]["succeeded"] == points, [row["error"] for row in rows if row["error"]]
    assert len(study["artifacts"]) == 4, study["artifacts"]
    return Figures(points, took_s, {part: after[part] - before[part] for part in after}, events)


def longest_history(stack: Stack) -> int:
    """Events of the longest history that the task hub holds."""
    counted = (
        "SELECT max(events) FROM (SELECT count(*) AS events FROM history GROUP BY instance_id)"
    )
    (hub,) = stack.settings.root.rglob("task_hub.db")
    with closing(sqlite3.connect(hub)) as connection:
        (events,) = connection.execute(counted).fetchone()
    return events or 0


if __name__ == "__main__":
    main()
