"""Long runs on real PostgreSQL and Azurite: what a crash, a silence or a late report leaves."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from azure.storage.blob import ContainerClient

from contracts.wire.solve import SolveAnswer
from contracts.wire.solve_callback import SolveCallback, sign_callback
from devstack.azurite import CONTAINER
from functions.domain.caller import Caller
from functions.domain.errors import NotFoundError
from functions.domain.job import Job, Run
from functions.domain.long_run import LongRun
from functions.services import Services
from functions.store import runs
from functions.store.endings import ask_to_cancel
from functions.store.events import JobKey
from functions.store.long_runs import (
    list_unled,
    note_accepted,
    open_long_run,
    read_held_run,
    read_state,
)
from functions.use_cases.advance_long_run import advance_long_run
from functions.use_cases.get_job import get_job
from functions.use_cases.recover_lost_runs import recover_lost_runs
from functions.use_cases.take_solve_report import SignedReport, take_solve_report
from tests.builders.jobs import APP, TENANT, a_job, claimed, submitted

CALLER = Caller(TENANT, frozenset({APP}))
KEY = "the tests' own key of thirty-two characters"
HOUR = timedelta(hours=1)
ANSWER = {"outputs": {"result": 42}, "artifacts": [], "meta": {}}


@pytest.fixture
async def stored(
    services: Services, blobs: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Services]:
    """With storage that works and an AppServer that is away."""
    monkeypatch.setenv("ARTIFACTS_CONNECTION", blobs)
    monkeypatch.setenv("APPSERVER_GRANT_KEY", KEY)
    monkeypatch.setenv("LEASE_S", "60")
    yield services
    await services.appserver_async.close()
    await services.artifact_store.close()


async def begun(services: Services, lease_left: timedelta, time_left: timedelta = HOUR) -> LongRun:
    """A run whose solve the AppServer has, so long before the ends of its lease and its time."""
    now = services.clock.now()
    start = now + lease_left - timedelta(seconds=60)
    await submitted(services.database, a_job(created_at=start))
    held = await claimed(services.database, now=start)
    assert held is not None
    run = LongRun(held.job_id, held.tenant_id, held.app_id, held.lease_token)
    async with services.database.tenant(TENANT, [APP]) as connection:
        await open_long_run(connection, run, now + time_left)
        await note_accepted(connection, run, "solve-1")
    await services.artifact_store.write(run.folder + "part.svg", b"<svg/>", "image/svg+xml")
    return run


async def job(services: Services, run: LongRun) -> Job:
    return await get_job(services, CALLER, run.job_id, APP)


async def is_remembered(services: Services, run: LongRun) -> bool:
    """Whether a row still says that a solve was begun."""
    async with services.database.tenant(TENANT, [APP]) as connection:
        state = await read_state(connection, run)
    return state is not None and state.solve_id is not None


def listened(services: Services, since: datetime) -> None:
    vars(services)["listening_since"] = since


def files(blobs: str, run: LongRun) -> list[str]:
    with ContainerClient.from_connection_string(blobs, CONTAINER) as container:
        return [*container.list_blob_names(name_starts_with=run.folder)]


async def test_a_begun_solve_is_its_orchestrations_until_its_deadline(stored: Services) -> None:
    lost = await begun(stored, -HOUR, time_left=-HOUR)
    led = await begun(stored, -HOUR)
    async with stored.database.platform([APP]) as connection:
        unled = await list_unled(connection, [APP], stored.clock.now(), 10)
    assert {run.job_id for run in unled} == {lost.job_id, led.job_id}
    assert led in unled

    assert await recover_lost_runs(stored) == 1

    assert (await job(stored, lost)).status == "queued"
    assert (await job(stored, led)).status == "running"


async def test_silence_counts_only_when_somebody_listened(stored: Services, blobs: str) -> None:
    run = await begun(stored, -HOUR)

    step = await advance_long_run(stored, run)

    assert (step.stage, step.wait_s) == ("running", 60)
    assert await recover_lost_runs(stored) == 0
    again = await begun(stored, -HOUR)
    listened(stored, stored.clock.now() - HOUR)
    assert (await advance_long_run(stored, run)).stage == "running"  # the lease was renewed
    assert (await advance_long_run(stored, again)).stage == "over"
    ended = await job(stored, again)
    assert ended.status == "queued"
    assert (ended.last_error or {})["code"] == "engine_unreachable"
    assert files(blobs, again) == []
    assert not await is_remembered(stored, again)


async def test_a_run_whose_seat_is_taken_gives_up(stored: Services) -> None:
    run = await begun(stored, -HOUR)
    async with stored.database.tenant(TENANT, [APP]) as connection:
        await connection.execute("DELETE FROM seat WHERE job_id = %s", (run.job_id,))

    assert (await advance_long_run(stored, run)).stage == "over"

    assert (await job(stored, run)).status == "queued"


async def test_an_appserver_that_is_away_does_not_delay_a_cancel(
    stored: Services, blobs: str
) -> None:
    run = await begun(stored, HOUR)
    async with stored.database.tenant(TENANT, [APP]) as connection:
        await ask_to_cancel(connection, JobKey(run.job_id, TENANT, APP), stored.clock.now())

    assert (await advance_long_run(stored, run)).stage == "over"

    assert (await job(stored, run)).status == "cancelled"
    assert files(blobs, run) == []
    assert not await is_remembered(stored, run)


async def held_run(services: Services, run: LongRun) -> Run:
    async with services.database.tenant(TENANT, [APP]) as connection:
        held = await read_held_run(connection, run)
    assert held is not None
    return held


@pytest.mark.parametrize("ending", ["succeed", "cancel"])
async def test_what_a_crash_after_the_end_left_is_cleared(
    stored: Services, blobs: str, ending: str
) -> None:
    run = await begun(stored, HOUR)
    held, now = await held_run(stored, run), stored.clock.now()
    await stored.artifact_store.write(run.answer_path, b"{}", "application/json")
    async with stored.database.tenant(TENANT, [APP]) as connection:
        if ending == "succeed":
            assert await runs.succeed(connection, held, {"result": 42}, None, [], now)
        else:
            assert await runs.cancel(connection, held, now)

    for _ in range(2):
        assert (await advance_long_run(stored, run)).stage == "over"

    kept = [run.folder + "part.svg"] if ending == "succeed" else []
    assert files(blobs, run) == kept
    assert not await is_remembered(stored, run)


async def test_a_later_attempt_is_led_on_and_the_earlier_one_cleared(
    stored: Services, blobs: str
) -> None:
    run = await begun(stored, HOUR)
    async with stored.database.tenant(TENANT, [APP]) as connection:
        update = "UPDATE job SET lease_token = lease_token + 1 WHERE id = %s"
        await connection.execute(update, (run.job_id,))

    step = await advance_long_run(stored, run)

    assert step.run == replace(run, lease_token=run.lease_token + 1)
    assert (step.stage, step.wait_s) == ("running", 0)
    assert files(blobs, run) == []


def report(services: Services, run: LongRun, **said: object) -> SignedReport:
    fields = {"solve_id": "solve-1", "token": run.report_token, "sequence": 1, **said}
    body = SolveCallback.model_validate(fields).model_dump_json().encode()
    expires_at = services.clock.now() + HOUR
    return SignedReport(body, sign_callback(KEY.encode(), body, expires_at))


async def test_a_report_shows_progress_and_holds_the_lease(stored: Services) -> None:
    run = await begun(stored, timedelta(seconds=1))
    await take_solve_report(stored, None, run.job_id, report(stored, run, event="heartbeat"))
    progress = (await job(stored, run)).progress or {}
    assert progress["fraction"] == 0
    listened(stored, stored.clock.now() - HOUR)
    assert (await advance_long_run(stored, run)).progress == progress


async def test_a_reported_answer_becomes_the_result_once(stored: Services, blobs: str) -> None:
    run = await begun(stored, HOUR)
    answer = SolveAnswer.model_validate(ANSWER)
    signed = report(stored, run, event="succeeded", answer=answer)
    for _ in range(2):
        await take_solve_report(stored, None, run.job_id, signed)
    for _ in range(2):
        assert (await advance_long_run(stored, run)).stage == "over"
    assert (await job(stored, run)).status == "succeeded"
    assert files(blobs, run) == [run.folder + "part.svg"]

    with pytest.raises(NotFoundError):
        await take_solve_report(stored, None, run.job_id, signed)
    assert files(blobs, run) == [run.folder + "part.svg"]


async def test_a_report_of_a_run_without_a_seat_ends_its_solve(stored: Services) -> None:
    run = await begun(stored, HOUR)
    async with stored.database.tenant(TENANT, [APP]) as connection:
        await connection.execute("DELETE FROM seat WHERE job_id = %s", (run.job_id,))
    with pytest.raises(NotFoundError):
        await take_solve_report(stored, None, run.job_id, report(stored, run, event="heartbeat"))
