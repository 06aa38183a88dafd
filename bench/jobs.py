"""Jobs per second through the whole platform, and where a job's time goes.

    .venv/bin/python -m bench.jobs [--jobs 2000] [--clients 8] [--window 8] [--plot FILE.svg]

Each client submits sitefit 1.1.0 jobs as fast as they are taken, with at most `window` of its jobs
unfinished. The rate is that of ends between the first tenth and the last. Every job has inputs of
its own. Numbers of different machines, or of a busy one, do not compare: change one thing, run
the pair.
"""

import argparse
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.cpu_time import cpu_ms  # noqa: E402 - the repository is no installed package
from bench.job_stages import STAGES, JobTimes, read_job_times  # noqa: E402 - as above
from bench.load import Load, Submitter  # noqa: E402
from bench.stage_plot import write_plot  # noqa: E402
from devstack.ports import ephemeral_ports  # noqa: E402
from devstack.settings import StackSettings  # noqa: E402
from devstack.stack import Stack, running_stack  # noqa: E402

WARM_UP = 100
DEADLINE_S = 300.0
WATCH_S = 0.02
TENANTS_A_CLIENT = 2


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run found; milliseconds."""

    jobs: int
    jobs_per_s: float
    submit_ms: list[float]
    times: JobTimes
    cpu_ms: dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description="Jobs per second through the whole platform.")
    parser.add_argument("--jobs", type=int, default=2000, help="jobs to measure (2000)")
    parser.add_argument("--clients", type=int, default=8, help="submitting clients (8)")
    parser.add_argument("--window", type=int, default=8, help="unfinished jobs a client (8)")
    default = Path(tempfile.gettempdir()) / "kuduso-jobs.svg"
    parser.add_argument("--plot", type=Path, default=default, help=f"picture ({default})")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = StackSettings(ports=ephemeral_ports(), root=Path(folder))
        with running_stack(settings) as stack:
            figures = measure(stack, wanted.jobs, wanted.clients, wanted.window)
    report(figures, wanted.clients)
    write_plot(wanted.plot, figures.times.by_stage(), figures.jobs_per_s)
    print(f"picture: {wanted.plot}")


def measure(stack: Stack, jobs: int, clients: int, window: int) -> Figures:
    drive(stack, WARM_UP, clients, window)
    before = cpu_ms(stack)
    load = drive(stack, jobs, clients, window)
    spent = {part: (after - before[part]) / jobs for part, after in cpu_ms(stack).items()}
    times = read_job_times(stack, load.job_ids)
    ends = sorted(times.ended_at_s)
    first, last = len(ends) // 10, len(ends) - len(ends) // 10 - 1
    rate = (last - first) / (ends[last] - ends[first])
    return Figures(len(ends), rate, load.submit_ms, times, spent)


def drive(stack: Stack, jobs: int, clients: int, window: int) -> Load:
    """Submit `jobs` jobs with `clients` clients and wait for their ends."""
    load = Load(jobs, clients * window)
    submitters = [Submitter(load, stack.functions_url, tokens(stack)) for _ in range(clients)]
    threads = [threading.Thread(target=submitter.run, daemon=True) for submitter in submitters]
    with psycopg.connect(stack.wiring.owner_url, autocommit=True) as connection:
        (before,) = count_ends(connection)
        for thread in threads:
            thread.start()
        pause = threading.Event()
        for _ in range(int(DEADLINE_S / WATCH_S)):
            (ended,) = count_ends(connection)
            load.note_ends(ended - before)
            if load.is_over:
                return load
            pause.wait(WATCH_S)
    raise TimeoutError(f"{load.ended} of {jobs} jobs ended in {DEADLINE_S:g} s")


def tokens(stack: Stack) -> list[str]:
    """Tokens of a few tenants, so that no tenant's quota is the limit."""
    return [stack.token(str(uuid4())) for _ in range(TENANTS_A_CLIENT)]


def count_ends(connection: psycopg.Connection[tuple[int]]) -> tuple[int]:
    """Jobs that have succeeded, from the statistics of results: counting rows would cost."""
    row = connection.execute("SELECT count(*) FROM result").fetchone()
    assert row is not None
    return row


def report(figures: Figures, clients: int) -> None:
    print(f"{figures.jobs_per_s:.1f} jobs/s with {clients} clients, {figures.jobs} jobs")
    for stage, values in {"POST jobs/run": figures.submit_ms, **figures.times.by_stage()}.items():
        print(f"{stage:16} p50 {middle(values, 0.5):7.1f} ms  p95 {middle(values, 0.95):7.1f} ms")
    parts = ", ".join(f"{part} {ms:.1f}" for part, ms in figures.cpu_ms.items())
    print(f"processor ms a job: {sum(figures.cpu_ms.values()):.1f} ({parts})")
    print(f"({', '.join(STAGES)} follow one another; POST jobs/run holds the write and outbox)")


def middle(values: list[float], share: float) -> float:
    """The value below which `share` of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    main()
