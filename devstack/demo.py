"""`make run`: one example through the real API, from the request to a picture of the plan."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import resvg_py

from devstack import identity
from devstack.errors import UsageError
from devstack.examples import Example
from devstack.job_client import JobClient, UnreachableError, describe_problem
from devstack.report import artifact_lines, result_lines
from devstack.settings import StackSettings, served_apps
from devstack.stack import running_stack
from devstack.state import read_running
from devstack.terminal import complain, paint, say
from devstack.tokens import EXAMPLE_TENANT, TokenRequest, issue_token, parse_tenant

_PICTURE_WIDTH_PX = 1000


@dataclass(frozen=True, slots=True)
class Target:
    """A stack that serves: ours or one that already ran."""

    functions_url: str
    token: str
    check: Callable[[], None]


def run_demo(settings: StackSettings, example: Example) -> int:
    """Send the example, show what happens, keep what came out; 0 when the job succeeded."""
    began = time.monotonic()
    with _target(settings) as target, JobClient(target.functions_url, target.token) as client:
        say(f"sending {paint(example.title, 'bold')} to {target.functions_url}")
        job = _see_through(client, example, target.check)
        if job["status"] != "succeeded":
            complain(f"the job {job['status']}: {describe_problem(job.get('last_error') or {})}")
            return 1
        outputs = client.result(example.app_id, job["job_id"])
        _show(outputs)
        folder = settings.root / "runs" / job["job_id"]
        for path in keep_artifacts(client, outputs, folder):
            say(f"  wrote {path}")
    say(paint(f"done in {time.monotonic() - began:.1f} s", "green"))
    return 0


def _see_through(client: JobClient, example: Example, check: Callable[[], None]) -> dict[str, Any]:
    """Submit and follow to the end; a crash of the stack is told before what it caused."""
    sent = time.monotonic()

    def note(text: str) -> None:
        say(f"  {time.monotonic() - sent:6.2f} s  {text}")

    try:
        job = client.submit(example)
        note(f"accepted as job {job['job_id']}")
        return client.follow(job, lambda state: note(_status(state)), check)
    except UnreachableError:
        check()
        raise


def keep_artifacts(client: JobClient, outputs: dict[str, Any], folder: Path) -> list[Path]:
    """Download every artifact; a picture is written as SVG and as PNG."""
    written: list[Path] = []
    artifacts: list[dict[str, Any]] = outputs.get("artifacts") or []
    for artifact in artifacts:
        folder.mkdir(parents=True, exist_ok=True)
        content = client.download(artifact["href"])
        path = folder / Path(artifact["file_name"]).name
        path.write_bytes(content)
        written.append(path)
        if artifact["media_type"].startswith("image/svg"):
            picture = resvg_py.svg_to_bytes(content.decode(), width=_PICTURE_WIDTH_PX)
            path.with_suffix(".png").write_bytes(bytes(picture))
            written.append(path.with_suffix(".png"))
    return written


def _status(job: dict[str, Any]) -> str:
    """The status; a job that waits for another attempt says why."""
    error: dict[str, Any] = job.get("last_error") or {}
    is_waiting = job["status"] == "queued" and error
    after = f" (attempt {job.get('attempts')}: {error.get('code')})" if is_waiting else ""
    return f"{job['status']}{after}"


def _show(outputs: dict[str, Any]) -> None:
    say()
    for line in result_lines(outputs):
        say(line)
    if artifacts := outputs.get("artifacts"):
        say("\nartifacts")
        for line in artifact_lines(artifacts):
            say(line)


@contextmanager
def _target(settings: StackSettings) -> Generator[Target, None, None]:
    """The stack that runs, or one of our own for the length of the demo."""
    running = read_running(settings.root)
    if running is not None:
        if not running.is_up:
            raise UsageError(f"the stack (pid {running.pid}) is not ready: `devstack status`")
        url = running.environment["FUNCTIONS_URL"]
        say(f"using the running stack (pid {running.pid})")
        yield Target(url, _token(settings, running.environment["JWT_ISSUER"]), lambda: None)
        return
    say("starting the stack")
    with running_stack(settings, say) as stack:
        token = _token(settings, identity.issuer(settings.ports["identity"]))
        yield Target(stack.functions_url, token, stack.check)
        say("stopping the stack")


def _token(settings: StackSettings, issuer: str) -> str:
    request = TokenRequest(parse_tenant(EXAMPLE_TENANT), served_apps())
    return issue_token(settings.root, issuer, request)
