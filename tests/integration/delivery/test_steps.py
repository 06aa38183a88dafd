"""Steps of the workflows run as they stand, on this checkout, and Azure's command line replaced."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from delivery.checkout import ROOT, image_name, stamped_apps

AZ = """#!/bin/sh
# Answers as `az keyvault secret` does.
case "$*" in
  *"secret list"*) echo DATABASE-OWNER-URL ;;
  *"secret show"*) echo "$OWNER_URL" ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
"""


def script(workflow: str, job: str, text: str) -> str:
    document: dict[str, Any] = yaml.safe_load((ROOT / f".github/workflows/{workflow}").read_text())
    steps = document["jobs"][job]["steps"]
    return next(step["run"] for step in steps if text in step.get("run", ""))


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """As GitHub runs a step: bash with pipefail, `python` and `alembic` of the job."""
    scripts = Path(sys.executable).parent
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{folder}:{scripts}:{os.environ['PATH']}", **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=55,
    )


def outputs(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def test_the_first_delivery_plans_everything(tmp_path: Path) -> None:
    file = tmp_path / "output"
    command = script("deploy.yml", "plan", "delivery changes").split("\n", 1)[1]
    done = run(command, tmp_path, ENVIRONMENT="dev", GITHUB_OUTPUT=str(file))
    assert done.returncode == 0, done.stderr
    assert outputs(file) == {
        "migrations": "true",
        "platform": "true",
        "apps": json.dumps(stamped_apps("dev")),
        "image": image_name(),
    }


def test_migrations_run_on_every_database_of_the_vault(tmp_path: Path, empty_database: str) -> None:
    az = tmp_path / "az"
    az.write_text(AZ)
    az.chmod(0o755)
    command = script("deploy.yml", "migrations", "alembic --config")
    done = run(command, tmp_path, VAULT="kv", OWNER_URL=empty_database)
    assert done.returncode == 0, done.stderr
    assert f"::add-mask::{empty_database}" in done.stdout
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT count(*) FROM job").fetchone() == (0,)


def test_migrations_that_fail_stop_the_delivery(tmp_path: Path) -> None:
    az = tmp_path / "az"
    az.write_text(AZ)
    az.chmod(0o755)
    command = script("deploy.yml", "migrations", "alembic --config")
    away = "postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=2"
    assert run(command, tmp_path, VAULT="kv", OWNER_URL=away).returncode != 0


@pytest.mark.parametrize("failing", ["sign-in", "az"])
def test_a_smoke_test_fails_with_any_part_of_its_pipe(tmp_path: Path, failing: str) -> None:
    az = tmp_path / "az"
    az.write_text("#!/bin/sh\nexit 3\n" if failing == "az" else "#!/bin/sh\necho '{}'\n")
    az.chmod(0o755)
    command = script("app.yml", "smoke", "delivery smoke")
    done = run(command, tmp_path, VAULT="kv", URL="http://127.0.0.1:9", APP="nothing")
    assert done.returncode != 0
    assert "the account cannot be read" in done.stderr
