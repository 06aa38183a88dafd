"""Episodes a second of the local task hub, and what a sub-orchestration costs.

    .venv/bin/python -m bench.durable [--chains 200] [--children 100] [--repeats 3]

Starts a Functions host with the app of the tests. `chains` are orchestrations of three activities
each, all at once, and their starts over HTTP: four episodes each. `children` are
sub-orchestrations of one activity each that one parent starts at once. Seconds are those of the
task hub, from the first instance's creation to the last one's end; processor seconds are the
host's, and disturbed little by a busy machine. Targets: 250 episodes/s, 40 ms a child.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.cpu_time import cpu_s_of  # noqa: E402 - no installed package
from devstack.functions_host.durable.selection import (  # noqa: E402 - as above
    InstanceFilter,
)
from devstack.functions_host.durable.store import (  # noqa: E402 - as above
    DATABASE,
    open_for_reading,
)

APP = ROOT / "tests/fixtures/durable_app"
EPISODES_PER_CHAIN = 4
RUNNING = {"Pending", "Running"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Episodes a second; overhead of a child.")
    parser.add_argument("--chains", type=int, default=200)
    parser.add_argument("--children", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as hub:
        hub.run("chain", 20, "warm-")
        for repeat in range(wanted.repeats):
            print(told_of_chains(hub, wanted.chains, f"chains{repeat}-"))
            print(told_of_children(hub, wanted.children, f"family{repeat}-"))


def told_of_chains(hub: "Hub", count: int, prefix: str) -> str:
    wall_s, cpu_s = hub.run("chain", count, prefix)
    episodes = count * EPISODES_PER_CHAIN
    return (
        f"{count} chains: {wall_s:.2f} s, {episodes / wall_s:.0f} episodes/s; "
        f"{episodes / cpu_s:.0f} episodes a processor second"
    )


def told_of_children(hub: "Hub", count: int, prefix: str) -> str:
    wall_s, cpu_s = hub.run("family", 1, prefix, count)
    return (
        f"{count} children: {wall_s:.2f} s, {wall_s / count * 1000:.1f} ms a child; "
        f"{cpu_s / count * 1000:.1f} processor ms"
    )


class Hub:
    """The hub of a running host: started over HTTP, watched in its database."""

    def __init__(self, client: httpx.Client, database: Path, pid: int) -> None:
        self._client, self._database, self._pid = client, database, pid

    def run(self, name: str, count: int, prefix: str, given: object = None) -> tuple[float, float]:
        """Start instances and wait for their end.

        Returns:
            Seconds from the first one's creation to the last one's end; the host's processor time.
        """
        began_at_cpu_s = cpu_s_of(self._pid)
        for number in range(count):
            body: dict[str, Any] = {} if given is None else {"json": given}
            self._client.post(f"/v1/start/{name}/{prefix}{number}", **body).raise_for_status()
        with closing(open_for_reading(self._database)) as store:
            while True:
                found = store.instances(InstanceFilter(id_prefix=prefix))
                if len(found) == count and not any(one.status in RUNNING for one in found):
                    break
                time.sleep(0.05)
        assert all(one.status == "Completed" for one in found), {one.status for one in found}
        wall_s = max(one.updated_at for one in found) - min(one.created_at for one in found)
        return wall_s, cpu_s_of(self._pid) - began_at_cpu_s


@contextmanager
def serving(folder: Path) -> Iterator[Hub]:
    command = ["devstack.functions_host", "--app", str(APP), "--port", "0", "--state", str(folder)]
    environment = {**os.environ, "TASK_HUB": "Bench"}
    environment.pop("SEEN_PATH", None)
    with (folder / "log").open("w") as log:
        host = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert host.stdout is not None
        ready = re.search(r":(\d+) ", host.stdout.readline())
        assert ready, (folder / "log").read_text()
        with httpx.Client(base_url=f"http://127.0.0.1:{ready.group(1)}", timeout=60) as client:
            yield Hub(client, folder / DATABASE, host.pid)
    finally:
        host.send_signal(signal.SIGTERM)
        host.wait()


if __name__ == "__main__":
    main()
