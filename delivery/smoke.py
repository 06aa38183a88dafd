"""One real job through a deployed app: accepted, solved, fetched, compared."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from contracts.errors import ContractViolationError
from contracts.files import read_json
from contracts.model import JsonObject
from contracts.validation import SchemaChecker
from delivery.checkout import ROOT
from delivery.errors import SmokeError
from delivery.golden import Golden, differences, lasting, read_golden, write_golden
from devstack.errors import DevstackError
from devstack.examples import Example, find_example
from devstack.job_client import Document, JobClient, describe_problem

_READY_POLL_S = 2
_FOLLOW_POLL_S = 1.0
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Smoke:
    """What is tried. `within_s`: for readiness, then for the job. `records`: keep the outputs."""

    url: str
    token: str
    app_id: str
    example: str | None = None
    version: str | None = None
    within_s: float = 600
    records: bool = False


def smoke(tried: Smoke, say: Callable[[str], None]) -> None:
    """Send an example and compare its outputs with the golden ones.

    An app that has none yet has to fulfil its own schema of outputs. The job is a job of its own:
    an earlier equal one is not reused.

    Raises:
        SmokeError: the app is not ready in time, the job failed, or its outputs differ.
    """
    golden = None if tried.example or tried.version else read_golden(tried.app_id)
    try:
        example = _example(tried, golden)
        _wait_until_ready(tried, say)
        outputs = _outputs(tried, example, say)
    except DevstackError as error:
        raise SmokeError(str(error)) from error
    _check_schema(example, outputs)
    found = lasting(outputs)
    if tried.records:
        kept = Golden(
            app_id=tried.app_id, version=example.version, example=example.name, outputs=found
        )
        say(f"recorded {write_golden(kept)}")
    elif golden is None:
        say("the outputs fulfil the contract's schema; there are no golden ones to compare with")
    else:
        _compare(golden, found)
        say("the outputs are the golden ones")


def _example(tried: Smoke, golden: Golden | None) -> Example:
    if golden is not None:
        return find_example(tried.app_id, golden.example, golden.version)
    return find_example(tried.app_id, tried.example or "minimal", tried.version)


def _wait_until_ready(tried: Smoke, say: Callable[[str], None]) -> None:
    """A package that was just published takes its time to start."""
    url, began = f"{tried.url.rstrip('/')}/health/ready", time.monotonic()
    while True:
        reason = _unreadiness(url)
        if reason is None:
            say(f"ready after {time.monotonic() - began:.0f} s")
            return
        if time.monotonic() - began > tried.within_s:
            raise SmokeError(f"not ready after {tried.within_s:g} s: {reason}")
        time.sleep(_READY_POLL_S)


def _unreadiness(url: str) -> str | None:
    try:
        answer = httpx.get(url, timeout=30)
    except httpx.HTTPError as error:
        return f"{url}: {error}"
    return None if answer.is_success else f"{url} answered {answer.status_code} {answer.text[:300]}"


def _outputs(tried: Smoke, example: Example, say: Callable[[str], None]) -> JsonObject:
    began = time.monotonic()

    def note(state: Document) -> None:
        say(f"{time.monotonic() - began:6.1f} s  {state['status']}")

    with JobClient(tried.url, tried.token, _FOLLOW_POLL_S, tried.within_s) as client:
        job = client.submit(example, is_fresh=True)
        say(f"{example.title} is job {job['job_id']}")
        job = client.follow(job, note, lambda: None)
        if job["status"] != "succeeded":
            problem = describe_problem(job.get("last_error") or {})
            raise SmokeError(f"the job {job['status']}: {problem}")
        return client.result(tried.app_id, job["job_id"])


def _check_schema(example: Example, outputs: JsonObject) -> None:
    """What was delivered has to be what this checkout's contract promises."""
    folder = ROOT / "contracts" / example.app_id / example.version
    schema = read_json(folder / "outputs.schema.json")
    if not isinstance(schema, dict):
        raise SmokeError(f"{folder}/outputs.schema.json is no schema")
    try:
        SchemaChecker(schema).check(outputs)
    except ContractViolationError as error:
        lines = [f"{one.pointer or '/'}: {one.message}" for one in error.violations[:_SHOWN]]
        raise SmokeError("\n  ".join(["the outputs break the contract", *lines])) from error


def _compare(golden: Golden, found: JsonObject) -> None:
    lines = list(differences(golden.outputs, found))
    if lines:
        rest = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
        raise SmokeError("\n  ".join(["the outputs differ", *lines[:_SHOWN], *rest]))
