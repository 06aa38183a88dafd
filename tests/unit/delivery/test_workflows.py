"""GitHub's workflows: pinned, least privileged, clean shell, no app named in them."""

import re
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from delivery.checkout import ROOT, contract_apps

FOLDER = ROOT / ".github"
FILES = sorted((FOLDER / "workflows").glob("*.yml"))
ACTION = FOLDER / "actions/azure/action.yml"
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
SHELLCHECK = Path(sysconfig.get_path("scripts")) / "shellcheck"


def read(file: Path) -> dict[str, Any]:
    document = yaml.safe_load(file.read_text())
    document["on"] = document.pop(True, None)  # YAML 1.1 reads `on` as a boolean
    return document


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in FILES:
        for name, job in read(file)["jobs"].items():
            yield f"{file.stem}.{name}", job


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for where, job in jobs():
        for number, step in enumerate(job.get("steps", [])):
            yield f"{where}[{number}]", step
    for number, step in enumerate(read(ACTION)["runs"]["steps"]):
        yield f"azure[{number}]", step


def shellcheck(script: str) -> str:
    done = subprocess.run(
        [SHELLCHECK, "--shell=bash", "--norc", "-"],
        input=script,
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout


SCRIPTS = {where: step["run"] for where, step in steps() if "run" in step}


def test_actions_are_pinned_by_commit_and_say_their_version() -> None:
    lines = [
        line.strip().removeprefix("- ")
        for file in (*FILES, ACTION)
        for line in file.read_text().splitlines()
        if "uses: " in line
    ]
    foreign = [line for line in lines if "uses: ./" not in line]
    assert foreign
    assert [line for line in foreign if not PINNED.match(line)] == []
    versions = {line.split(" # ")[0]: line.split(" # ")[1] for line in foreign}
    assert len(set(versions)) == len({line.split("@")[0] for line in foreign})


@pytest.mark.parametrize("where", SCRIPTS)
def test_shell_is_clean_and_takes_values_from_the_environment_alone(where: str) -> None:
    assert "${{" not in SCRIPTS[where]
    assert shellcheck(SCRIPTS[where]) == ""


def test_shellcheck_finds_what_it_is_for() -> None:
    assert "SC2086" in shellcheck("az acr login --name $registry\n")


def test_pipes_fail_by_their_first_failure() -> None:
    for file in FILES:
        found = read(file)
        if any("run" in step for job in found["jobs"].values() for step in job.get("steps", [])):
            assert found["defaults"]["run"]["shell"] == "bash", file.name
    assert {step["shell"] for step in read(ACTION)["runs"]["steps"] if "run" in step} == {"bash"}


def test_nothing_is_permitted_but_what_a_job_asks_for() -> None:
    assert all(read(file)["permissions"] == {} for file in FILES)
    for where, job in jobs():
        wanted = job["permissions"]
        assert wanted.keys() <= {"contents", "id-token"}, where
        if "id-token" in wanted and "steps" in job:
            assert job["environment"], f"{where}: whoever signs in to Azure is an environment"


def test_no_secret_is_read() -> None:
    assert [file.name for file in (*FILES, ACTION) if "secrets." in file.read_text()] == []


def test_reusable_workflows_get_exactly_what_they_ask_for() -> None:
    calls = 0
    for where, job in jobs():
        if "uses" in job:
            called = read(ROOT / job["uses"])["on"]["workflow_call"] or {}
            assert job.get("with", {}).keys() == called.get("inputs", {}).keys(), where
            calls += 1
    assert calls == 5


def test_jobs_need_each_other_in_the_order_of_a_delivery() -> None:
    deploy = read(FOLDER / "workflows/deploy.yml")["jobs"]
    assert deploy["plan"]["environment"].endswith("-gate")
    assert deploy["platform"]["needs"] == ["plan", "migrations"]
    assert deploy["app"]["needs"] == ["plan", "migrations", "platform"]
    assert deploy["record"]["needs"] == ["plan", "migrations", "platform", "app"]
    assert read(FOLDER / "workflows/app.yml")["jobs"]["smoke"]["needs"] == "deliver"


def test_adding_an_app_edits_no_workflow() -> None:
    text = "\n".join(file.read_text() for file in (*FILES, ACTION))
    assert [app_id for app_id in contract_apps() if re.search(rf"\b{app_id}\b", text)] == []


def test_the_engine_is_of_the_version_of_its_library() -> None:
    step = next(one for _, one in steps() if "pulumi-version" in one.get("with", {}))
    requirement = f"pulumi=={step['with']['pulumi-version']}"
    assert requirement in (ROOT / "pulumi/requirements.txt").read_text().splitlines()


def test_pull_requests_of_forks_get_no_token() -> None:
    found = read(FOLDER / "workflows/pull-request.yml")
    assert found["on"] == {"pull_request": None}
    own = "github.event.pull_request.head.repo.full_name == github.repository"
    assert found["jobs"]["plan"]["if"] == own
    assert found["jobs"]["preview"]["needs"] == "plan"
