"""What `bench.appserver` measures: an AppServer process, its engine and its apps. Linux only."""

import base64
import json
import os
import secrets
import shutil
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from devstack.ports import ephemeral_ports

ROOT = Path(__file__).resolve().parent.parent
KEY = secrets.token_hex(32)
START_S = 60
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Subject:
    """A server that is measured; `pid` is None for a peer whose process is not known.

    `path` is None for servers that are asked as ours is.
    """

    name: str
    port: int
    pid: int | None
    path: str | None = None


def write_apps(folder: Path, count: int) -> None:
    """The folders `one` and `many`, with apps like sitefit's debug contract without its limits."""
    for name, apps in (("one", 1), ("many", count)):
        for number in range(apps):
            app = folder / name / f"app{number}"
            shutil.copytree(ROOT / "contracts/sitefit/1.1.0", app / "1.1.0")
            (app / "1.1.0/sitefit.ghx").rename(app / f"1.1.0/app{number}.ghx")
            policy = json.loads((ROOT / "contracts/sitefit/policy.json").read_bytes())
            policy |= {"app_id": app.name, "allowed_definitions": [app.name], "batch_seats": 64}
            policy["max_concurrency"] = 64
            policy["rate_limits"]["batch_jobs_per_min"] = 1e9
            (app / "policy.json").write_text(json.dumps(policy))


@contextmanager
def running_engine(port: int) -> Iterator[int]:
    command = [sys.executable, "-m", "bench.constant_engine", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        try:
            yield int(engine.stdout.readline().split()[1])
        finally:
            engine.terminate()


@contextmanager
def running_appserver(
    apps: Path, engine: int, memo_bytes: int = 1 << 26, python: str = sys.executable
) -> Iterator[Subject]:
    """Another `python` is given this one's packages: it has to be of the same minor version."""
    port = ephemeral_ports()["appserver"]
    settings = {
        "COMPUTE_URL": f"http://127.0.0.1:{engine}",
        "COMPUTE_CHILDREN": "64",
        "CONTRACTS_DIR": str(apps),
        "MEMO_MAX_BYTES": str(memo_bytes),
        "APPSERVER_GRANT_KEY": KEY,
        "PROVENANCE_KEY": f"ed25519:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }
    options = ["--port", str(port), "--no-access-log", "--no-server-header", "--no-proxy-headers"]
    command = [python, "-m", "uvicorn", "--factory", "appserver.main:create_app", *options]
    environment = {**os.environ, **settings, "PYTHONPATH": sysconfig.get_path("purelib")}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    ) as appserver:
        try:
            wait_until_ready(port)
            yield Subject("appserver", port, appserver.pid)
        finally:
            appserver.terminate()


def wait_until_ready(port: int) -> None:
    ends_at = time.monotonic() + START_S
    while time.monotonic() < ends_at:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"nothing was ready at port {port} within {START_S} s")


def cpu_s(subject: Subject) -> float | None:
    if subject.pid is None:
        return None
    fields = Path(f"/proc/{subject.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def resident_mb(subject: Subject) -> float:
    status = Path(f"/proc/{subject.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024
