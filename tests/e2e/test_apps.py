"""The apps side by side on one platform, and one more that nobody knew of."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from contracts.registry import DEFAULT_ROOT
from devstack.ports import ephemeral_ports
from tests.builders import files
from tests.e2e.conftest import ROOT, Platform, wait_until
from tests.e2e.test_api import check_described, described

FIGURES = {
    *("total_capacity_kw", "asset_count", "road_length_m", "cut_volume_m3", "fill_volume_m3"),
}


def inputs_of(app: str, version: str) -> dict[str, Any]:
    file = DEFAULT_ROOT / app / version / "examples/valid/minimal.json"
    return json.loads(file.read_text())


def site(**changes: Any) -> dict[str, Any]:
    return inputs_of("layouts", "1.0.0") | changes


def generated(platform: Platform, inputs: dict[str, Any]) -> dict[str, Any]:
    answer = platform.client.post("/api/layouts/generate", json=inputs)
    assert answer.status_code == 202, answer.text
    assert answer.json()["status"] in ("queued", "processing")
    return answer.json()


def state(platform: Platform, layout: dict[str, Any]) -> dict[str, Any]:
    return platform.client.get(layout["links"]["status"]).json()


def ended(platform: Platform, layout: dict[str, Any]) -> dict[str, Any]:
    wait_until(
        lambda: state(platform, layout)["status"] in ("completed", "failed"),
        f"the end of {layout['layout_id']}",
    )
    return state(platform, layout)


def test_layouts_at_once_all_finish_each_with_its_own_figures(platform: Platform) -> None:
    targets = [2_500 * count for count in range(1, 8)]
    layouts = [generated(platform, site(target_capacity_kw=target)) for target in targets]
    states = [ended(platform, layout) for layout in layouts]
    assert [one["status"] for one in states] == ["completed"] * len(targets)
    assert [one["total_capacity_kw"] for one in states] == targets
    assert all(one.keys() >= FIGURES for one in states)
    whole = platform.client.get(layouts[-1]["links"]["self"]).json()
    assert whole["status"] == "completed"
    assert [asset["capacity_kw"] for asset in whole["assets"]] == [2_500] * 7
    assert {name: whole[name] for name in FIGURES} == {n: states[-1][n] for n in FIGURES}
    document = described(platform)
    check_described(document, "Layout", whole)
    for one in (layouts[0], states[0]):
        check_described(document, "LayoutState", one)


def test_an_impossible_layout_fails_with_the_reason(platform: Platform) -> None:
    layout = ended(platform, generated(platform, site(setback_m=60)))
    assert layout["status"] == "failed"
    assert "no_block_fits" in layout["error_message"]
    answer = platform.client.get(layout["links"]["self"])
    assert (answer.status_code, answer.json()["code"]) == (422, "domain_violation")


@pytest.mark.parametrize(("app", "version"), [("daylight", "0.1.0"), ("layouts", "1.0.0")])
def test_files_are_stored_listed_signed_and_whole(
    platform: Platform, app: str, version: str
) -> None:
    submitted = platform.client.post(f"/{app}/jobs/run", json={"inputs": inputs_of(app, version)})
    path = submitted.json()["links"]["self"]
    wait_until(lambda: platform.client.get(path).json()["has_result"], "the result")
    listed = platform.client.get(f"{path}/result").json()["artifacts"]
    assert len(listed) == 3
    for entry in listed:
        fetched = httpx.get(entry["href"])
        assert fetched.headers["content-type"] == entry["media_type"]
        assert len(fetched.content) == entry["size_bytes"]
        files.check(entry["media_type"], fetched.content)
        unsigned = entry["href"].partition("?")[0]
        assert httpx.get(unsigned).status_code in (403, 404)


def test_files_are_gone_once_their_time_is_over(platform: Platform) -> None:
    layout = generated(platform, site())
    ended(platform, layout)
    path, job_id = layout["links"]["self"], layout["layout_id"]
    first = platform.client.get(path).json()["artifacts"]
    platform.query("UPDATE artifact SET expires_at = now() WHERE job_id = %s", job_id)
    assert not any("href" in entry for entry in platform.client.get(path).json()["artifacts"])
    kept = "SELECT 1 FROM artifact WHERE job_id = %s"
    platform.run_function("delete_expired_artifacts")
    wait_until(lambda: not platform.query(kept, job_id), "the rows to be deleted")
    assert [httpx.get(entry["href"]).status_code for entry in first] == [404] * 3


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The repository as it is checked out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    folder = tmp_path / "repository"
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    share_compiled_libraries(folder)
    return folder


def share_compiled_libraries(folder: Path) -> None:
    """The copy's stack compiles its own modules only, as a stack of this checkout would."""
    known, own = ROOT / ".devstack/pycache", folder / ".devstack/pycache"
    own.mkdir(parents=True)
    for entry in known.iterdir() if known.is_dir() else ():
        if entry.name != folder.parts[1]:
            (own / entry.name).symlink_to(entry)


@pytest.mark.timeout(180)  # it starts a stack of its own
def test_another_app_needs_its_folder_and_nothing_else(copied: Path, tmp_path: Path) -> None:
    app = f"app-{uuid4().hex[:8]}"
    before = texts(copied)
    said = python(copied, "contracts", "new", app)
    assert "in order" in said
    assert {name for name, text in texts(copied).items() if before.get(name) != text} == {
        name for name in texts(copied) if name.startswith(f"contracts/{app}/")
    }
    ports = [f"--port={name}={port}" for name, port in ephemeral_ports().items()]
    said = python(copied, "devstack", "run", "--app", app, "--root", str(tmp_path / "s"), *ports)
    assert f"sending {app}@1.0.0 minimal" in said
    assert "result: 2.0" in said


def texts(folder: Path) -> dict[str, bytes]:
    """Every file but what running leaves behind."""
    found = [file for file in folder.rglob("*") if file.is_file()]
    names = {str(file.relative_to(folder)): file for file in found}
    return {
        name: file.read_bytes()
        for name, file in names.items()
        if "__pycache__" not in name and not name.startswith((".devstack", "node_modules"))
    }


def python(folder: Path, *arguments: str) -> str:
    """Run a module of the copy; what it printed."""
    ran = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout
