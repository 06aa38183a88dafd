"""Claim and finish with few and with many finished jobs in the table.

    .venv/bin/python -m bench.claims [--few 1000] [--many 1000000] [--jobs 300]

Starts a PostgreSQL server of its own, durable as in production, and claims and finishes jobs one
after the other on one connection. Prints p50 and p95 in milliseconds for both table sizes.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from devstack.postgres import PostgresServer  # noqa: E402 - the repository is no installed package
from functions.store.runs import succeed  # noqa: E402 - as above
from functions.store.tenant import Database  # noqa: E402 - as above
from tests.builders.finished_jobs import add_finished_jobs  # noqa: E402 - as above
from tests.builders.jobs import (  # noqa: E402 - as above
    APP,
    OTHER_TENANT,
    START,
    TENANT,
    a_job,
    claimed,
    submitted,
)

Durations = dict[str, list[float]]
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description="Claim and finish beside finished jobs.")
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--jobs", type=int, default=300, help="jobs to measure (300)")
    wanted = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with PostgresServer(Path(folder) / "data", port, durable=True) as server:
            asyncio.run(compare(server.url, wanted.few, wanted.many, wanted.jobs))


async def compare(owner_url: str, few: int, many: int, jobs: int) -> None:
    migrate(owner_url)
    runtime_url = make_conninfo(owner_url, user="kuduso_runtime", password="bench")  # noqa: S106 - of this run alone
    database = Database(runtime_url, pool_size=1)
    finished = 0
    for wanted in (few, many):
        started = time.perf_counter()
        add_finished_jobs(owner_url, wanted - finished, OTHER_TENANT, APP, LONG_AGO)
        finished = wanted
        print(f"{wanted:,} finished jobs ({time.perf_counter() - started:.0f} s to write)")
        for what, durations in (await durations_ms(database, jobs)).items():
            ordered = sorted(durations)
            p50, p95 = ordered[len(ordered) // 2], ordered[int(0.95 * len(ordered))]
            print(f"  {what:8} p50 {p50:6.2f} ms  p95 {p95:6.2f} ms", flush=True)
    await database.close()


def migrate(owner_url: str) -> None:
    command = ["-m", "alembic", "-c", str(ROOT / "migrations/alembic.ini"), "upgrade", "head"]
    subprocess.run(
        [sys.executable, *command],
        env=os.environ | {"DATABASE_URL": owner_url},
        check=True,
        capture_output=True,
    )
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("ALTER ROLE kuduso_runtime LOGIN PASSWORD 'bench'")


async def durations_ms(database: Database, jobs: int) -> Durations:
    """A queue of ten jobs is kept, so that a claim has something to choose from."""
    for number in range(10):
        await submitted(database, a_job(created_at=START + timedelta(seconds=number)))
    found: Durations = {"submit": [], "claim": [], "finish": []}
    for _ in range(jobs):
        instants = [time.perf_counter()]
        await submitted(database, a_job())
        instants.append(time.perf_counter())
        run = await claimed(database)
        assert run is not None
        instants.append(time.perf_counter())
        async with database.tenant(TENANT, [APP]) as connection:
            await succeed(connection, run, {"result": 42}, None, [], START)
        instants.append(time.perf_counter())
        for index, durations in enumerate(found.values()):
            durations.append((instants[index + 1] - instants[index]) * 1000)
    return found


if __name__ == "__main__":
    main()
