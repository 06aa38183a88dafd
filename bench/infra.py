"""How long the infrastructure's offline checks take, with 50 further apps.

    .venv/bin/python -m bench.infra [APPS]

Programs and contracts are copied; apps are stamped as a person would (`contracts new --stack`).
"""

import contextlib
import io
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from contracts.commands.program import main as contracts

ROOT = Path(__file__).parent.parent
APPS = 50


def copied(place: Path) -> None:
    for folder in ("pulumi", "contracts", "docs/runbooks"):
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("node_modules", ".venv-pulumi"):
        (place / name).symlink_to((ROOT / name).resolve())


def check(place: Path) -> tuple[float, float, list[str]]:
    """Wall clock and processor time of one run in seconds, and what it printed of itself."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        [place / ".venv-pulumi/bin/python", "-m", "checks", "--confirm"],
        cwd=place / "pulumi",
        env={**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": ""},
        check=True,
        capture_output=True,
        text=True,
    )
    wall_s = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = [line for line in done.stdout.splitlines() if line.startswith("checked")]
    return wall_s, cpu_s, [*told, *done.stdout.splitlines()[-2:]]


def main() -> None:
    apps = int(sys.argv[1]) if len(sys.argv) > 1 else APPS
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        copied(place)
        wall_s, cpu_s, told = check(place)
        print(f"shipped stacks: {wall_s:.1f} s, processor {cpu_s:.1f} s")
        for number in range(apps):
            arguments = ["new", f"app{number:03}", "--stack", "dev", "--root"]
            with contextlib.redirect_stdout(io.StringIO()):
                assert contracts([*arguments, str(place / "contracts")]) == 0
        wall_s, cpu_s, told = check(place)
        print(f"{apps} app stacks more: {wall_s:.1f} s, processor {cpu_s:.1f} s")
        print("\n".join(told))


if __name__ == "__main__":
    main()
