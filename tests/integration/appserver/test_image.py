"""The image's own files and commands, as its Dockerfile has them: they suffice, write nothing."""

import asyncio
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.appserver.asking import GRANT_KEY, addressed
from tests.integration.appserver.pools import KEY

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "appserver/Dockerfile").read_text().replace("\\\n", "")


def command(instruction: str) -> list[str]:
    [listed] = re.findall(rf"^{instruction} +(\[.*\])$", DOCKERFILE, re.MULTILINE)
    return json.loads(listed)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """What the Dockerfile copies from the build's context, at its places."""
    for source, target in re.findall(r"^COPY (?!--)(\S+) (\S+)$", DOCKERFILE, re.MULTILINE):
        if (ROOT / source).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, tmp_path / target, ignore=ignored, dirs_exist_ok=True)
        else:
            (tmp_path / target).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / source, tmp_path / target)
    return tmp_path


def write_no_file() -> None:
    """Whatever is written to a file fails, as on a read-only file system."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


async def test_the_images_files_serve_without_writing_any(
    image: Path, engine_url: str, unused_port: int, minimal: dict[str, Any]
) -> None:
    settings = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "COMPUTE_URL": engine_url,
        "COMPUTE_API_KEY": "a-key-for-tests",
        "PROVENANCE_KEY": KEY,
        "APPSERVER_GRANT_KEY": GRANT_KEY,
    }
    [_, *arguments] = [part.replace("8080", str(unused_port)) for part in command("CMD")]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *arguments),
        cwd=image,
        env=settings,
        stderr=asyncio.subprocess.PIPE,
        preexec_fn=write_no_file,
    )
    assert process.stderr is not None
    while b"Uvicorn running" not in (line := await process.stderr.readline()):
        assert line, "the process ended early"
    [_, *check] = [part.replace("8080", str(unused_port)) for part in command(r"HEALTHCHECK.* CMD")]
    checked = await asyncio.create_subprocess_exec(sys.executable, *check)
    assert await checked.wait() == 0
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{unused_port}", timeout=30) as client:
        answer = await client.post("/gh/sitefit:1.0.0/solve", **addressed(minimal))
        assert answer.status_code == 200, answer.text
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode in (0, -signal.SIGTERM)
    gone = await asyncio.create_subprocess_exec(
        *(sys.executable, *check), stderr=asyncio.subprocess.DEVNULL
    )
    assert await gone.wait() != 0


def test_the_image_runs_as_nobody_on_a_pinned_system() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    [user] = re.findall(r"^USER (\d+)$", last, re.MULTILINE)
    assert int(user) > 0
    systems = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", system) for system in systems)
    pinned = (ROOT / "constraints.txt").read_text()
    for line in (ROOT / "appserver/requirements.txt").read_text().splitlines():
        assert line.startswith("#") or line.partition(";")[0].strip() in pinned


def test_hadolint_finds_nothing() -> None:
    linter = Path(sys.executable).parent / "hadolint"
    done = subprocess.run(
        [linter, ROOT / "appserver/Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
