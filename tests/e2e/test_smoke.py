"""The smoke test of deployments tells a stack that works from one that does not."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from delivery import golden
from delivery.errors import SmokeError
from delivery.smoke import Smoke, smoke
from tests.e2e.conftest import ROOT, Platform

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(platform: Platform) -> Run:
    """`python -m delivery smoke` as a pipeline calls it."""
    token = platform.stack.token(str(uuid4()))

    def started(
        *arguments: str, url: str = platform.stack.functions_url
    ) -> subprocess.CompletedProcess[str]:
        command = ["-m", "delivery", "smoke", "--url", url, "--token-file", "-"]
        return subprocess.run(
            [sys.executable, *command, "--within", "40", *arguments],
            cwd=ROOT,
            input=token + "\n",
            check=False,
            capture_output=True,
            text=True,
            timeout=55,
        )

    return started


def test_a_stack_that_works_gives_the_golden_outputs(run: Run) -> None:
    done = run("--app", "sitefit")
    assert done.returncode == 0, done.stderr
    assert "sitefit@1.0.0 minimal is job" in done.stdout
    assert done.stdout.endswith("the outputs are the golden ones\n")


def test_each_try_is_a_job_of_its_own(run: Run) -> None:
    first, second = (run("--app", "sitefit", "--version", "1.1.0").stdout for _ in range(2))
    ids = {re.findall(r"is job ([0-9a-f-]{36})", told)[0] for told in (first, second)}
    assert len(ids) == 2


def test_an_app_without_golden_outputs_has_to_keep_its_contract(run: Run) -> None:
    done = run("--app", "sitefit", "--version", "1.1.0")
    assert done.returncode == 0, done.stderr
    assert "no golden ones" in done.stdout


def test_outputs_that_differ_are_told_by_place(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = json.loads((golden.FOLDER / "sitefit.json").read_text())
    wrong["outputs"]["results"][0]["score"] = 9.5
    (tmp_path / "sitefit.json").write_text(json.dumps(wrong))
    tried = Smoke(platform.stack.functions_url, platform.stack.token(str(uuid4())), "sitefit")
    monkeypatch.setattr(
        "delivery.smoke.read_golden", lambda app_id: golden.read_golden(app_id, tmp_path)
    )
    with pytest.raises(SmokeError, match=r"/results/0/score: 2\.696 instead of 9\.5"):
        smoke(tried, print)


def test_a_stack_that_does_not_answer_fails_in_time(run: Run) -> None:
    done = run("--app", "sitefit", "--within", "1", url="http://127.0.0.1:9")
    assert done.returncode == 1
    assert "error: not ready after 1 s: http://127.0.0.1:9/health/ready" in done.stderr
