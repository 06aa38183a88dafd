"""Long jobs: led by an orchestration, whatever is killed or cancelled meanwhile."""

import json
import os
import random
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

import httpx
import pytest
from azure.storage.blob import ContainerClient

from devstack.functions_host.durable.store import DATABASE
from devstack.plan import FUNCTIONS_STATE
from devstack.ports import ephemeral_ports
from devstack.settings import StackSettings
from devstack.stack import Stack, running_stack
from tests.e2e.conftest import ROOT, Platform, example, wait_until

LONG = "2.0.0"
LONG_WITH_FILES = "2.1.0"
COPIED = {LONG: "1.1.0", LONG_WITH_FILES: "1.0.0"}
MOST_EVENTS = 100
# Of a long job's life, as its rows tell them.
MOMENTS = (
    "true",
    "status = 'running'",
    "EXISTS (SELECT FROM long_run WHERE job_id = job.id)",
    "EXISTS (SELECT FROM long_run WHERE job_id = job.id AND solve_id IS NOT NULL)",
    "EXISTS (SELECT FROM long_run WHERE job_id = job.id AND has_ended)",
)
# In the order in which they need each other.
PARTS = ("postgres", "blob", "service_bus", "identity", "compute", "appserver", "functions")


@pytest.fixture(scope="module")
def long_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The repository's contracts, and two of sitefit's as contracts of long jobs."""
    contracts = tmp_path_factory.mktemp("contracts")
    for policy in ROOT.glob("contracts/[a-z]*/policy.json"):
        shutil.copytree(policy.parent, contracts / policy.parent.name)
    for version, origin in COPIED.items():
        folder = contracts / "sitefit" / version
        shutil.copytree(contracts / "sitefit" / origin, folder)
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest.update(execution="durable", timeout_sec=60)
        (folder / "manifest.json").write_text(json.dumps(manifest))
    given = {"CONTRACTS_DIR": str(contracts)}
    settings = StackSettings(
        ports=ephemeral_ports(),
        root=tmp_path_factory.mktemp("long"),
        message_lock_s=4,
        environment={
            "functions": {
                **given,
                "LEASE_S": "3",
                "ORCHESTRATION_TTL_DAYS": str(1 / 86400),
                "SCHEDULE_WATCH_LONG_RUNS": "*/3 * * * * *",
            },
            "appserver": {**given, "HEARTBEAT_S": "0.5"},
        },
    )
    with running_stack(settings) as running:
        yield running


@pytest.fixture
def long_jobs(long_stack: Stack) -> Iterator[Platform]:
    long_stack.check()
    token = long_stack.token(str(uuid4()))
    with httpx.Client(
        base_url=long_stack.functions_url, headers={"Authorization": f"Bearer {token}"}, timeout=30
    ) as client:
        yield Platform(long_stack, client)


@contextmanager
def frozen(platform: Platform, part: str) -> Iterator[None]:
    """A part that holds its connections and does nothing; every part worked before."""
    wait_until(lambda: platform.client.get("/health/ready").status_code == 200, "readiness")
    pid = platform.stack.pid(part)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):  # killed meanwhile
            os.kill(pid, signal.SIGCONT)


def begun(platform: Platform, value: int = 32) -> str:
    """A long job whose solve the AppServer has."""
    job_id = platform.accepted({"value": value}, LONG)
    asked = "SELECT solve_id FROM long_run WHERE job_id = %s AND solve_id IS NOT NULL"
    wait_until(lambda: platform.query(asked, job_id), "the solve to be begun")
    return job_id


def left_over(platform: Platform) -> tuple[int, ...]:
    """Seats, jobs that have not ended, and long runs that somebody still remembers."""
    ((seats, jobs, runs),) = platform.query(
        "SELECT (SELECT count(*) FROM seat), "
        "(SELECT count(*) FROM job WHERE status IN ('queued', 'running')), "
        "(SELECT count(*) FROM long_run)"
    )
    return seats, jobs, runs


def last_error(platform: Platform, job_id: str) -> str:
    error = platform.job(job_id)["last_error"]
    return error["code"] if error else ""


def orchestration(platform: Platform, job_id: str) -> httpx.Response:
    keys = json.loads((platform.stack.settings.root / "functions/keys.json").read_text())
    address = f"/runtime/webhooks/durabletask/instances/{job_id}"
    return platform.client.get(
        address, params={"showHistory": "true", "code": keys["system"]["durabletask_extension"]}
    )


def led_to_its_end(platform: Platform, job_id: str) -> None:
    """The instance has the job's id, has ended and has kept a short history."""
    wait_until(lambda: orchestration(platform, job_id).status_code == 200, "its orchestration")
    status = orchestration(platform, job_id).json()
    assert status["runtimeStatus"] == "Completed", status
    assert len(status["historyEvents"]) <= MOST_EVENTS


def test_a_long_job_succeeds_and_shows_no_trace_of_its_inputs(long_jobs: Platform) -> None:
    job_id = long_jobs.accepted({"value": 32}, LONG)
    job = long_jobs.ended(job_id)
    assert (job["status"], job["attempts"]) == ("succeeded", 1), job["last_error"]
    assert long_jobs.result(job_id).json() == {"result": 42}
    led_to_its_end(long_jobs, job_id)
    history = orchestration(long_jobs, job_id).text
    assert "value" not in json.loads(history)["input"]
    wait_until(lambda: left_over(long_jobs) == (0, 0, 0), "everything to be given back")
    events = long_jobs.query("SELECT event FROM job_event WHERE job_id = %s ORDER BY seq", job_id)
    assert [event for (event,) in events] == ["job_submitted", "job_claimed", "job_succeeded"]


def files(platform: Platform, job_id: str) -> list[str]:
    """Every blob of a job, whether a row names it or not."""
    with container(platform) as blobs:
        return [*blobs.list_blob_names(name_starts_with=f"sitefit/{job_id}/")]


@contextmanager
def container(platform: Platform) -> Iterator[ContainerClient]:
    settings = platform.stack.wiring.function_app()
    with ContainerClient.from_connection_string(
        settings["ARTIFACTS_CONNECTION"], settings["ARTIFACTS_CONTAINER"]
    ) as blobs:
        yield blobs


def test_a_long_job_has_files_and_leaves_no_other(long_jobs: Platform) -> None:
    job_id = long_jobs.accepted(example("minimal"), LONG_WITH_FILES)
    assert long_jobs.ended(job_id)["status"] == "succeeded"
    wait_until(lambda: left_over(long_jobs) == (0, 0, 0), "the answer to be removed")
    rows = long_jobs.query("SELECT blob_path FROM artifact WHERE job_id = %s", job_id)
    assert sorted(files(long_jobs, job_id)) == sorted(path for (path,) in rows) != []
    links = [one["href"] for one in long_jobs.result(job_id).json()["artifacts"]]
    assert all(httpx.get(url).status_code == 200 for url in links)


def test_a_long_job_shows_how_far_it_is(long_jobs: Platform) -> None:
    with frozen(long_jobs, "compute"):
        job_id = begun(long_jobs, 6)
        progress = wait_until(lambda: long_jobs.job(job_id)["progress"], "progress")
        assert 0 <= progress["fraction"] < 1
        assert "of at most 60 s" in progress["message"]
        shown = wait_until(
            lambda: orchestration(long_jobs, job_id).json()["customStatus"], "custom status"
        )
        assert set(shown) == {"fraction", "message"}
    assert long_jobs.ended(job_id)["status"] == "succeeded"
    assert long_jobs.job(job_id)["progress"] is None


def test_old_orchestrations_are_purged_and_running_ones_are_not(long_jobs: Platform) -> None:
    over = long_jobs.accepted({"value": 7}, LONG)
    long_jobs.ended(over)
    led_to_its_end(long_jobs, over)
    with frozen(long_jobs, "compute"):
        running = begun(long_jobs, 8)

        def is_purged() -> bool:
            long_jobs.run_function("purge_orchestrations")
            return orchestration(long_jobs, over).status_code == 404

        wait_until(is_purged, "the purge")
        assert orchestration(long_jobs, running).status_code == 202
    assert long_jobs.ended(running)["status"] == "succeeded"
    assert long_jobs.result(over).json() == {"result": 17}


def test_a_long_job_outlives_every_process(long_jobs: Platform) -> None:
    with frozen(long_jobs, "compute"):
        job_id = begun(long_jobs, 9)
        for part in reversed(PARTS):
            long_jobs.stack.kill(part)
    for part in PARTS:
        long_jobs.stack.start(part)
    job = long_jobs.ended(job_id)
    assert job["status"] == "succeeded", job["last_error"]
    assert long_jobs.result(job_id).json() == {"result": 19}
    led_to_its_end(long_jobs, job_id)
    wait_until(lambda: left_over(long_jobs) == (0, 0, 0), "everything to be given back")


def test_a_killed_functions_host_goes_on_where_it_was(long_jobs: Platform) -> None:
    with frozen(long_jobs, "compute"):
        job_id = begun(long_jobs, 1)
        for _ in range(2):  # the second time while the first one's work is taken up again
            long_jobs.stack.kill("functions")
            long_jobs.stack.start("functions")
    job = long_jobs.ended(job_id)
    assert (job["status"], job["attempts"]) == ("succeeded", 1), job["last_error"]
    assert long_jobs.result(job_id).json() == {"result": 11}
    ended = "SELECT count(*) FROM job_event WHERE job_id = %s AND event = 'job_succeeded'"
    assert long_jobs.query(ended, job_id) == [(1,)]
    led_to_its_end(long_jobs, job_id)


def test_a_lost_task_hub_costs_no_solve(long_jobs: Platform) -> None:
    with frozen(long_jobs, "compute"):
        job_id = begun(long_jobs, 10)
        long_jobs.stack.kill("functions")
        for file in (long_jobs.stack.settings.root / FUNCTIONS_STATE).glob(f"{DATABASE}*"):
            file.unlink()
        long_jobs.stack.start("functions")
        assert orchestration(long_jobs, job_id).status_code == 404
    job = long_jobs.ended(job_id)
    assert (job["status"], job["attempts"]) == ("succeeded", 1), job["last_error"]
    led_to_its_end(long_jobs, job_id)


def test_a_killed_appserver_is_noticed_and_the_solve_made_again(long_jobs: Platform) -> None:
    with frozen(long_jobs, "compute"):
        job_id = begun(long_jobs, 3)
        long_jobs.stack.kill("appserver")
    long_jobs.stack.start("appserver")
    job = long_jobs.ended(job_id)
    assert job["status"] == "succeeded", job["last_error"]
    assert job["attempts"] >= 2
    assert long_jobs.result(job_id).json() == {"result": 13}


def test_a_deadline_ends_what_is_never_reported(long_jobs: Platform) -> None:
    with frozen(long_jobs, "compute"):
        job_id = begun(long_jobs, 4)
        with frozen(long_jobs, "appserver"):
            long_jobs.query("UPDATE long_run SET deadline_at = now() WHERE job_id = %s", job_id)
            wait_until(lambda: last_error(long_jobs, job_id) == "solve_timeout", "the deadline")
    assert long_jobs.ended(job_id)["status"] in ("succeeded", "failed")


def test_a_cancelled_long_job_gives_its_seat_back(long_jobs: Platform) -> None:
    with frozen(long_jobs, "compute"):
        job_id = begun(long_jobs, 5)
        with container(long_jobs) as blobs:
            # What a run writes before its result is written down.
            blobs.upload_blob(f"sitefit/{job_id}/1/plan.svg", b"<svg/>")
        answer = long_jobs.client.post(f"/sitefit/jobs/{job_id}/cancel")
        assert answer.status_code in (200, 202)
        assert long_jobs.ended(job_id)["status"] == "cancelled"
        wait_until(lambda: left_over(long_jobs) == (0, 0, 0), "the seat to be given back")
        assert files(long_jobs, job_id) == []
    led_to_its_end(long_jobs, job_id)


def test_cancelling_at_any_point_leaves_nothing(long_jobs: Platform) -> None:
    chance = random.Random(7)  # noqa: S311 - which moments, not a secret
    waits = [chance.choice(MOMENTS) for _ in range(10)]
    job_ids = [
        long_jobs.accepted({**example("minimal"), "seed": number + 2}, LONG_WITH_FILES)
        for number in range(len(waits))
    ]
    for job_id, moment in zip(job_ids, waits, strict=True):
        is_come = f"SELECT status NOT IN ('queued', 'running') OR {moment} FROM job WHERE id = %s"  # noqa: S608 - one of MOMENTS
        wait_until(lambda: long_jobs.query(is_come, job_id) == [(True,)], moment)  # noqa: B023 - called at once
        answer = long_jobs.client.post(f"/sitefit/jobs/{job_id}/cancel")
        assert answer.status_code in (200, 202, 409)
    endings = {job_id: long_jobs.ended(job_id)["status"] for job_id in job_ids}
    assert set(endings.values()) <= {"cancelled", "succeeded"}
    wait_until(lambda: left_over(long_jobs) == (0, 0, 0), "everything to be given back")
    for job_id, status in endings.items():
        instance = orchestration(long_jobs, job_id)
        assert instance.status_code in (200, 404), instance.text
        assert status == "succeeded" or files(long_jobs, job_id) == []


@pytest.mark.parametrize("signature", ["", "v1,1,00", "forged"])
def test_a_report_needs_the_appservers_signature(long_jobs: Platform, signature: str) -> None:
    body = {"solve_id": "s", "token": "t", "sequence": 0, "event": "heartbeat"}
    answer = long_jobs.client.post(
        f"/solve-reports/{uuid4()}", json=body, headers={"x-kuduso-signature": signature}
    )
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"
