"""A study is followed to its end: whatever fails, repeats, or stops it on the way."""

import asyncio
from typing import Any

import pytest

from functions.domain.submitted import Terms
from functions.store import runs
from functions.store.studies import get_study, list_unwatched
from functions.use_cases.advance_study import advance_study
from functions.use_cases.cancel_study import cancel_study
from functions.use_cases.retry_study import retry_study
from functions.use_cases.store_study_results import store_study_results
from functions.use_cases.submit_points import submit_points
from tests.builders.jobs import APP, TENANT
from tests.integration.studies.conftest import CALLER, Lab, a_space

RESULT = "$.result"


async def test_every_point_is_solved_once_and_ranked(lab: Lab) -> None:
    key = await lab.create(a_space(3, 9, 5))
    assert await lab.counts(key) == {"pending": 3}
    step = await lab.follow(key)
    assert step.is_over
    assert sorted(lab.solved) == [3, 5, 9]
    study = await lab.shown(key)
    assert (study["status"], study["progress"], study["reused"]) == ("completed", 1.0, 0)
    assert study["best"][0]["parameters"] == {"$.value": 9}
    rows = await lab.rows(key)
    assert [row["outputs"] for row in rows] == [{"result": 13}, {"result": 19}, {"result": 15}]
    assert [row["rank"] for row in rows] == [3, 1, 2]
    assert [row["point"] for row in await lab.rows(key, order="rank")] == [2, 3, 1]


async def test_no_more_jobs_are_unfinished_than_the_study_may_have(lab: Lab) -> None:
    lab.seats = 2
    key = await lab.create(a_space(*range(20)), concurrency=4)
    await lab.follow(key)
    assert lab.most_open == 4
    assert len(lab.solved) == 20


async def test_partial_results_are_there_while_it_runs(lab: Lab) -> None:
    key = await lab.create(a_space(1, 2, 3), concurrency=2)
    await lab.look(key)
    run = await lab.claim()
    assert run is not None
    assert await lab.counts(key) == {"pending": 1, "queued": 1, "running": 1}
    await lab.end(run)
    await lab.look(key)
    study, solved = await lab.shown(key), lab.solved[0]
    assert (study["status"], study["progress"]) == ("running", 0.3333)
    assert study["best"][0]["parameters"] == {"$.value": solved}
    assert study["artifacts"] == []
    rows = await lab.rows(key, order="rank")
    assert [row["status"] for row in rows] == ["succeeded", "submitted", "submitted"]
    assert [row["rank"] for row in rows] == [1, None, None]
    assert rows[0]["outputs"] == {"result": solved + 10}


async def test_points_that_were_solved_before_are_free(lab: Lab) -> None:
    await lab.follow(await lab.create(a_space(1, 2)))
    key = await lab.create(a_space(2, 3, 3))
    await lab.follow(key)
    assert sorted(lab.solved) == [1, 2, 3]
    assert (await lab.shown(key))["reused"] == 2
    assert [row["is_reused"] for row in await lab.rows(key)] == [True, False, True]
    fresh = await lab.create(a_space(2), terms=Terms(may_reuse=False))
    await lab.follow(fresh)
    assert sorted(lab.solved) == [1, 2, 2, 3]


async def test_failed_points_alone_are_retried(lab: Lab) -> None:
    lab.broken = {2, 4}
    key = await lab.create(a_space(1, 2, 3, 4))
    await lab.follow(key)
    assert await lab.counts(key) == {"succeeded": 2, "failed": 2}
    rows = await lab.rows(key)
    assert [(row["error"] or {}).get("code") for row in rows] == [
        *(None, "engine_error", None, "engine_error")
    ]
    lab.broken = {4}
    _, study = await retry_study(lab.services, CALLER, key.study_id, APP)
    assert (study["status"], study["ended_at"]) == ("running", None)
    await lab.follow(key)
    assert await lab.counts(key) == {"succeeded": 3, "failed": 1}
    assert sorted(lab.solved) == [1, 2, 3]


@pytest.mark.parametrize(
    ("stop", "reason", "succeeded"),
    [
        ({"count": 3}, "count", 3),
        ({"objective": {"path": RESULT, "value": 14}}, "objective", 4),
        ({"objective": {"path": RESULT, "value": 14.5}}, "objective", 5),
    ],
)
async def test_a_rule_stops_a_study(
    lab: Lab, stop: dict[str, Any], reason: str, succeeded: int
) -> None:
    lab.seats = 1
    key = await lab.create(a_space(*range(1, 9)), concurrency=1, stop=stop)
    await lab.follow(key)
    study = await lab.shown(key)
    assert (study["status"], study["stop_reason"]) == ("stopped", reason)
    assert await lab.counts(key) == {"succeeded": succeeded, "skipped": 8 - succeeded}
    assert lab.query("SELECT count(*) FROM job WHERE ended_at IS NULL") == [(0,)]
    assert len(study["artifacts"]) == 4


async def test_a_minimum_is_reached_from_above(lab: Lab) -> None:
    lab.seats = 1
    least = {"path": RESULT, "goal": "min"}
    key = await lab.create(
        a_space(9, 5, 1),
        objectives=[least],
        concurrency=1,
        stop={"objective": {"path": RESULT, "value": 15}},
    )
    await lab.follow(key)
    assert await lab.counts(key) == {"succeeded": 2, "skipped": 1}


async def test_time_stops_a_study_whose_engine_is_away(lab: Lab) -> None:
    key = await lab.create(a_space(1, 2, 3), concurrency=2, stop={"max_seconds": 60})
    waits = [(await lab.look(key)).wait_s]
    while not (step := await lab.look(key)).is_settled:
        waits.append(step.wait_s)
        await lab.clock.sleep(step.wait_s)
        assert len(waits) < 30
    assert sum(waits) <= 61
    await store_study_results(lab.services, key)
    study = await lab.shown(key)
    assert (study["status"], study["stop_reason"]) == ("stopped", "time")
    assert await lab.counts(key) == {"skipped": 3}
    assert lab.query("SELECT status, count(*) FROM job GROUP BY 1") == [("cancelled", 2)]


async def test_the_last_point_completes_a_study_whatever_the_rule(lab: Lab) -> None:
    key = await lab.create(a_space(1, 2, 3), stop={"count": 3})
    await lab.follow(key)
    study = await lab.shown(key)
    assert (study["status"], study["stop_reason"]) == ("completed", None)


async def test_a_retry_runs_its_points_though_the_rule_is_met(lab: Lab) -> None:
    lab.seats, lab.broken = 1, {1}
    key = await lab.create(a_space(1, 2, 3), concurrency=1, stop={"count": 1})
    await lab.follow(key)
    assert await lab.counts(key) == {"failed": 1, "succeeded": 1, "skipped": 1}
    lab.broken = set()
    await retry_study(lab.services, CALLER, key.study_id, APP)
    await lab.follow(key)
    assert await lab.counts(key) == {"succeeded": 2, "skipped": 1}


async def test_cancelling_ends_what_waits_and_tells_what_runs(lab: Lab) -> None:
    key = await lab.create(a_space(1, 2, 3, 4), concurrency=3)
    await lab.look(key)
    run = await lab.claim()
    assert run is not None
    _, study, is_first = await cancel_study(lab.services, CALLER, key.study_id, APP)
    assert study["is_cancelling"]
    assert is_first
    statuses = "SELECT status, cancel_requested_at IS NOT NULL FROM job ORDER BY 1"
    assert lab.query(statuses) == [("cancelled", True), ("cancelled", True), ("running", True)]
    assert not (await lab.look(key)).is_settled
    async with lab.services.database.tenant(TENANT, [APP]) as connection:
        assert await runs.cancel(connection, run, lab.clock.now())
    assert (await lab.follow(key)).is_over
    assert (await lab.shown(key))["status"] == "cancelled"
    assert await lab.counts(key) == {"cancelled": 4}
    _, again, is_first = await cancel_study(lab.services, CALLER, key.study_id, APP)
    assert (again["status"], is_first) == ("cancelled", False)
    assert lab.solved == []


async def test_a_job_that_another_study_waits_for_goes_on(lab: Lab) -> None:
    first = await lab.create(a_space(1, 2))
    second = await lab.create(a_space(2, 3))
    await lab.look(first)
    await lab.look(second)
    await cancel_study(lab.services, CALLER, first.study_id, APP)
    assert (await lab.look(first)).is_settled  # and does not wait for the other's job
    await lab.follow(first)
    await lab.follow(second)
    assert sorted(lab.solved) == [2, 3]
    assert await lab.counts(second) == {"succeeded": 2}


async def test_a_point_whose_shared_job_was_cancelled_gets_its_own(lab: Lab) -> None:
    first, second = await lab.create(a_space(7)), await lab.create(a_space(7))
    await lab.look(first)
    await lab.look(second)
    lab.query("UPDATE job SET status = 'cancelled', ended_at = now()")
    await lab.follow(second)
    assert await lab.counts(second) == {"succeeded": 1}
    await lab.follow(first)
    assert await lab.counts(first) == {"cancelled": 1}


async def test_an_erased_job_fails_its_point(lab: Lab) -> None:
    key = await lab.create(a_space(1, 2))
    await lab.look(key)
    lab.query("DELETE FROM job WHERE payload_json = '{\"value\": 1}'")
    await lab.follow(key)
    (erased, solved) = await lab.rows(key)
    assert (erased["status"], erased["error"]["code"]) == ("failed", "not_found")
    assert solved["status"] == "succeeded"


async def test_followers_at_the_same_time_submit_each_point_once(lab: Lab) -> None:
    key = await lab.create(a_space(*range(30)), terms=Terms(may_reuse=False))
    lab.clock.work = lab.solve
    await asyncio.gather(*(advance_study(lab.services, key) for _ in range(4)))
    await asyncio.gather(*(lab.follow(key) for _ in range(3)))
    assert sorted(lab.solved) == list(range(30))
    assert lab.query("SELECT count(*), count(DISTINCT job_id) FROM study_point") == [(30, 30)]


async def test_a_late_submission_of_a_stopped_study_writes_nothing(lab: Lab) -> None:
    key = await lab.create(a_space(1, 2))
    async with lab.services.database.tenant(TENANT, [APP]) as connection:
        study = await get_study(connection, key.study_id, [APP])
    assert study is not None
    await cancel_study(lab.services, CALLER, key.study_id, APP)
    assert await submit_points(lab.services, study, [(1, (1,)), (2, (2,))]) == 0
    assert lab.query("SELECT count(*) FROM job") == [(0,)]


async def test_a_study_that_nobody_follows_is_found(lab: Lab) -> None:
    followed = await lab.create(a_space(1))
    await lab.look(followed)

    async def unwatched() -> list[Any]:
        now = lab.clock.now()
        async with lab.services.database.platform([APP]) as connection:
            found = await list_unwatched(
                connection, [APP], unstarted_since=now, watched_until=left_at, limit=9
            )
        return [entry.study_id for entry in found]

    left_at = lab.clock.now()
    await lab.clock.sleep(1)
    left = await lab.create(a_space(2))
    await lab.look(followed)
    assert await unwatched() == [left.study_id]
    left_at = lab.clock.now()
    assert set(await unwatched()) == {left.study_id, followed.study_id}
