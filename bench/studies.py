"""How fast a study of sitefit 1.1.0 goes, on a local stack of its own.

    .venv/bin/python -m bench.studies [--points 200 1000] [--concurrency N]

Prints for each size the seconds from POST to the study's end with its files stored, and the
milliseconds a point; then the events of the longest history in the task hub. `bench.throughput`
says what the same jobs take without a study. Numbers of different machines, or of a busy one, do
not compare.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from devstack.ports import ephemeral_ports  # noqa: E402 - the repository is no installed package
from devstack.settings import StackSettings  # noqa: E402
from devstack.stack import Stack, running_stack  # noqa: E402

POLL_S = 0.02
WARM_UP = 20


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast a study goes.")
    parser.add_argument("--points", type=int, nargs="+", default=[200, 1000])
    parser.add_argument("--concurrency", type=int, help="unfinished jobs of the study")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = StackSettings(ports=ephemeral_ports(), root=Path(folder))
        with running_stack(settings) as stack:
            study_s(stack, WARM_UP, wanted.concurrency)
            for points in wanted.points:
                took_s = study_s(stack, points, wanted.concurrency)
                print(f"{points} points: {took_s:.2f} s, {took_s / points * 1000:.1f} ms a point")
                print(f"longest history: {longest_history(Path(folder))} events", flush=True)


def study_s(stack: Stack, points: int, concurrency: int | None) -> float:
    """Seconds from the submission to the end, for a fresh tenant without results to reuse."""
    token = stack.token(str(uuid4()))
    headers = {"Authorization": f"Bearer {token}"}
    body = {
        "version": "1.1.0",
        "space": {
            "type": "latin_hypercube",
            "count": points,
            "seed": 1,
            "parameters": [{"path": "$.value", "min": 0, "max": 1000}],
        },
        "objectives": [{"path": "$.result", "goal": "max"}],
    }
    if concurrency is not None:
        body["concurrency"] = concurrency
    with httpx.Client(base_url=stack.functions_url, headers=headers, timeout=60) as client:
        started = time.perf_counter()
        answer = client.post("/sitefit/studies", json=body).raise_for_status()
        path = answer.json()["links"]["self"]
        while (study := client.get(path).json())["status"] == "running":
            time.sleep(POLL_S)
        took_s = time.perf_counter() - started
        rows = client.get(f"{path}/results?limit=1000").json()["rows"]
    assert study["counts"]["succeeded"] == points, [row["error"] for row in rows if row["error"]]
    assert len(study["artifacts"]) == 4, study["artifacts"]
    return took_s


def longest_history(root: Path) -> int:
    """Events of the longest history that the task hub holds."""
    counted = (
        "SELECT max(events) FROM (SELECT count(*) AS events FROM history GROUP BY instance_id)"
    )
    (hub,) = root.rglob("task_hub.db")
    with closing(sqlite3.connect(hub)) as connection:
        (events,) = connection.execute(counted).fetchone()
    return events


if __name__ == "__main__":
    main()
