"""What the AppServer adds to a solve: one process of it in front of an engine that costs nothing.

    .venv/bin/python -m bench.appserver [--solves 20000] [--apps 500] [--rounds 3]
        [--engine-port 6599 --peer http://127.0.0.1:8090]

A *pass* goes through to the engine: grant, validation, caps, seats, binding, reading, provenance.
A *hit* is answered from the memo. Figures are medians of the rounds; processor time is that of the
server's process. `--peer` is another server in front of the engine at `--engine-port`, which gets
the same solves in turn with ours, because numbers of different runs do not compare. Without a path
in its URL it is sent the very requests that ours gets; with one (`http://127.0.0.1:3000/solve`) it
is asked there as McNeel's AppServer is: `{"definition": "app0.ghx", "inputs": {..}}`. Linux only.
"""

import argparse
import itertools
import json
import secrets
import statistics
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.appserver_subject import (
    KEY,
    Subject,
    cpu_s,
    resident_mb,
    running_appserver,
    running_engine,
    write_apps,
)
from bench.http_load import Timings, post, send_all
from contracts.wire.grant import GRANT_HEADER, sign_grant

TENANT = uuid4()
CLIENTS = (1, 16)
WARM_UP = 300
FULL_SOON = 1 << 24  # so that the memo's own growth ends early


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement; the processor's milliseconds are None where the process is not known."""

    timings: Timings
    cpu_ms: float | None


def main() -> None:
    wanted = parse()
    with tempfile.TemporaryDirectory() as folder:
        write_apps(Path(folder), wanted.apps)
        with running_engine(wanted.engine_port) as engine_port:
            with running_appserver(Path(folder) / "one", engine_port, python=wanted.python) as ours:
                subjects = [ours]
                if wanted.peer:
                    url = urlsplit(wanted.peer)
                    path = url.path.rstrip("/") or None
                    subjects.append(Subject("peer", url.port or 80, wanted.peer_pid, path))
                compare(subjects, wanted.requests, wanted.rounds)
            with running_appserver(Path(folder) / "one", engine_port, FULL_SOON) as ours:
                watch_memory(ours, wanted.solves)
            compare_apps(Path(folder), engine_port, wanted)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What the AppServer adds to a solve.")
    parser.add_argument("--requests", type=int, default=2000, help="of each measurement (2000)")
    parser.add_argument("--rounds", type=int, default=3, help="of each measurement (3)")
    parser.add_argument("--solves", type=int, default=20_000, help="to watch memory over (20000)")
    parser.add_argument("--apps", type=int, default=500, help="to compare one app with (500)")
    parser.add_argument("--engine-port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--python", default=sys.executable, help="that runs ours (this one)")
    parser.add_argument("--peer", help="URL of a server to put beside ours")
    parser.add_argument("--peer-pid", type=int, help="its process, to see its processor time")
    return parser.parse_args()


# A peer that is still running may remember those of an earlier run.
_numbers = itertools.count(secrets.randbelow(1 << 30))


def passes(count: int, apps: int = 1) -> list[bytes]:
    """Requests whose inputs nobody has sent before, over the apps in turn."""
    return [request(f"app{number % apps}", next(_numbers) / 1e7) for number in range(count)]


def passes_for(subject: Subject, count: int) -> list[bytes]:
    """The same in the form that the server takes."""
    if subject.path is None:
        return passes(count)
    bodies = (
        {"definition": "app0.ghx", "inputs": {"value": next(_numbers) / 1e7}} for _ in range(count)
    )
    return [post(subject.path, json.dumps(body).encode(), {}) for body in bodies]


def request(app_id: str, value: float) -> bytes:
    grant = sign_grant(KEY.encode(), app_id, TENANT, datetime.now(UTC) + timedelta(hours=1))
    body = {"app_id": app_id, "tenant_id": str(TENANT), "inputs": {"value": value}}
    headers = {GRANT_HEADER: grant}
    return post(f"/gh/{app_id}:1.1.0/solve", json.dumps(body).encode(), headers)


def measure(subject: Subject, requests: list[bytes], clients: int) -> Row:
    before = cpu_s(subject)
    timings = send_all(subject.port, requests, clients)
    after = cpu_s(subject)
    if before is None or after is None:
        return Row(timings, None)
    return Row(timings, (after - before) * 1000 / len(requests))


def compare(subjects: list[Subject], count: int, rounds: int) -> None:
    """Subjects in turn, so that whatever disturbs the machine disturbs all."""
    for subject in subjects:
        send_all(subject.port, passes_for(subject, WARM_UP), max(CLIENTS))
    print(f"{'':24} {'clients':>7} {'p50 ms':>8} {'per s':>8} {'cpu ms':>8}")
    for clients in CLIENTS:
        found: dict[str, list[Row]] = {}
        for _ in range(rounds):
            for subject in subjects:
                row = measure(subject, passes_for(subject, count), clients)
                found.setdefault(f"{subject.name} pass", []).append(row)
            hits = [request("app0", 7)] * count
            send_all(subjects[0].port, hits[:1], 1)
            found.setdefault(f"{subjects[0].name} hit", []).append(
                measure(subjects[0], hits, clients)
            )
        for name, rows in found.items():
            print_rows(name, clients, rows)


def print_rows(name: str, clients: int, rows: list[Row]) -> None:
    p50_ms = statistics.median(row.timings.p50_ms for row in rows)
    per_s = statistics.median(row.timings.per_s for row in rows)
    spent = [row.cpu_ms for row in rows if row.cpu_ms is not None]
    cpu = f"{statistics.median(spent):8.2f}" if spent else f"{'':>8}"
    print(f"{name:24} {clients:7} {p50_ms:8.2f} {per_s:8.0f} {cpu}")


def watch_memory(subject: Subject, solves: int) -> None:
    """Resident memory while different inputs are solved; the memo is soon full."""
    print(f"\nmemory over {solves} solves")
    step = max(solves // 10, 1)
    for done in range(0, solves + 1, step):
        print(f"{done:8} {resident_mb(subject):8.1f} MB")
        if done < solves:
            send_all(subject.port, passes(step), max(CLIENTS))


def compare_apps(folder: Path, engine_port: int, wanted: argparse.Namespace) -> None:
    """One app beside many, each in a process of its own, in turn."""
    print(f"\none app and {wanted.apps} apps")
    with (
        running_appserver(folder / "one", engine_port) as one,
        running_appserver(folder / "many", engine_port) as many,
    ):
        found: dict[str, list[Row]] = {}
        send_all(one.port, passes(WARM_UP), 1)
        send_all(many.port, passes(max(WARM_UP, 2 * wanted.apps), wanted.apps), 1)
        for _ in range(wanted.rounds):
            for subject, apps in ((one, 1), (many, wanted.apps)):
                row = measure(subject, passes(wanted.requests, apps), 1)
                found.setdefault(f"pass, {apps} apps", []).append(row)
    for name, rows in found.items():
        print_rows(name, 1, rows)


if __name__ == "__main__":
    main()
