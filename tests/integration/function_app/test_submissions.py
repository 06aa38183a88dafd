"""One effect for equal submissions and for repeated keys, whatever comes at the same time."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.sql import SQL, Identifier

from contracts.model import JsonObject
from contracts.wire.submission import Batch, Submission
from functions.domain.artifact import Artifact
from functions.domain.caller import Caller, Trace
from functions.domain.errors import (
    ConflictError,
    DefinitionNotFoundError,
    InputsRejectedError,
    KudusoError,
    NotFoundError,
    RejectedError,
)
from functions.domain.idempotency import KEEP, IdempotencyKey, read_key
from functions.domain.job import Run
from functions.domain.job_resource import QueueEstimate
from functions.domain.submitted import Submitted, Terms
from functions.services import Services
from functions.store.idempotency import recall
from functions.store.jobs import insert_jobs
from functions.store.runs import succeed
from functions.store.submissions import find_equal
from functions.use_cases.accept_submission import accept_submission
from functions.use_cases.await_change import await_change
from functions.use_cases.await_end import await_end
from functions.use_cases.cancel_job import cancel_job
from functions.use_cases.estimate_wait import estimate_wait
from functions.use_cases.forget_expired_keys import forget_expired_keys
from functions.use_cases.get_job import get_job
from functions.use_cases.submit_batch import submit_batch
from functions.use_cases.submit_job import submit_job
from tests.builders.jobs import APP, OTHER_TENANT, TENANT, claimed

CALLER = Caller(TENANT, frozenset({APP}))
FOREIGNER = Caller(OTHER_TENANT, frozenset({APP}))
TRACE = Trace("test", "00-" + "1" * 32 + "-" + "2" * 16 + "-01")
FRESH = Terms(may_reuse=False)


async def submit(
    services: Services, value: float = 1, terms: Terms | None = None, caller: Caller = CALLER
) -> Submitted:
    submission = Submission(APP, None, "1.1.0", {"value": value})
    return await submit_job(services, caller, TRACE, submission, terms or Terms())


def job_id(outcome: Submitted) -> UUID:
    return UUID(str(outcome.answer.body["job_id"]))


def key(text: str = "k", value: float = 1) -> Terms:
    return Terms(read_key("jobs/run", text, {"value": value}))


async def rows(services: Services, table: str) -> int:
    async with services.database.platform([APP]) as connection:
        counting = SQL("SELECT count(*) AS n FROM {}").format(Identifier(table))
        cursor = await connection.execute(counting)
        row = await cursor.fetchone()
    assert row is not None
    return row["n"]


async def finished(services: Services, artifacts: list[Artifact] | None = None) -> Run:
    """Run the job that waits to its end."""
    now = services.clock.now()
    run = await claimed(services.database, now)
    assert run is not None
    outputs: JsonObject = {"result": 11}
    if artifacts:
        outputs["artifacts"] = [{"file_name": artifact.file_name} for artifact in artifacts]
    async with services.database.tenant(TENANT, [APP]) as connection:
        assert await succeed(connection, run, outputs, None, artifacts or [], now)
    return run


async def test_equal_submissions_at_once_make_one_job(services: Services) -> None:
    outcomes = await asyncio.gather(*(submit(services) for _ in range(8)))
    assert len({str(outcome.answer.body["job_id"]) for outcome in outcomes}) == 1
    assert [outcome.answer.status for outcome in outcomes] == [202] * 8
    assert sorted(bool(o.answer.body["collapsed"]) for o in outcomes) == [False] + [True] * 7
    assert not any(outcome.answer.body["cached"] for outcome in outcomes)
    assert await rows(services, "job") == await rows(services, "outbox") == 1


async def test_a_submission_waits_for_an_equal_one_that_is_being_written(
    services: Services,
) -> None:
    draft = accept_submission(services, CALLER, TRACE, Submission(APP, None, "1.1.0", {"value": 1}))
    async with services.database.tenant(TENANT, [APP]) as connection:
        hashes, now = [draft.inputs_hash], draft.created_at
        await find_equal(connection, TENANT, APP, hashes, fresh_after=now, now=now)
        await insert_jobs(connection, [draft])
        equal = asyncio.create_task(submit(services))
        while not equal.done() and not await is_somebody_blocked(services):
            await asyncio.sleep(0.005)
    assert (await equal).answer.body["job_id"] == str(draft.job_id)
    assert await rows(services, "job") == 1


async def is_somebody_blocked(services: Services) -> bool:
    async with services.database.platform([APP]) as connection:
        cursor = await connection.execute(
            "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        )
        return await cursor.fetchone() is not None


async def test_a_finished_job_answers_an_equal_submission(services: Services) -> None:
    first = await submit(services)
    await finished(services)
    again = await submit(services)
    assert (again.answer.status, again.answer.body["cached"]) == (200, True)
    assert again.answer.body["job_id"] == first.answer.body["job_id"]
    assert again.answer.body["status"] == "succeeded"
    assert "Retry-After" not in again.answer.headers
    other = await submit(services, value=2)
    assert (other.answer.status, other.answer.body["cached"]) == (202, False)
    assert await rows(services, "job") == 2


async def test_no_cache_makes_a_job_of_its_own(services: Services) -> None:
    outcomes = [await submit(services), await submit(services, terms=FRESH)]
    await finished(services)
    outcomes.append(await submit(services, terms=FRESH))
    assert len({str(outcome.answer.body["job_id"]) for outcome in outcomes}) == 3


async def test_nobody_gets_another_tenants_job(services: Services) -> None:
    mine = await submit(services)
    await finished(services)
    theirs = await submit(services, caller=FOREIGNER)
    assert theirs.answer.status == 202
    assert theirs.answer.body["job_id"] != mine.answer.body["job_id"]
    now = services.clock.now()
    hashes = [str(mine.answer.body["inputs_hash"])]
    for tenant_id, app_ids, asked_app, found in (
        (TENANT, [APP], APP, 1),
        (OTHER_TENANT, [APP], APP, 0),
        (TENANT, ["daylight"], APP, 0),
        (TENANT, [APP, "daylight"], "daylight", 0),
    ):
        # The query names the owner's tenant: it is row-level security that hides the job.
        async with services.database.tenant(tenant_id, app_ids) as connection:
            equal = await find_equal(
                connection, TENANT, asked_app, hashes, fresh_after=now - KEEP, now=now
            )
        assert len(equal) == found


async def test_what_is_too_old_or_lost_its_files_is_not_reused(services: Services) -> None:
    first = await submit(services)
    now = services.clock.now()
    file = Artifact("plan", "plan.svg", "image/svg+xml", "p", 1, "d", now + timedelta(hours=2))
    await finished(services, [file])
    hashes = [str(first.answer.body["inputs_hash"])]

    async def is_found(fresh_after: Any, at: Any) -> bool:
        async with services.database.tenant(TENANT, [APP]) as connection:
            return bool(
                await find_equal(connection, TENANT, APP, hashes, fresh_after=fresh_after, now=at)
            )

    hour = timedelta(hours=1)
    assert await is_found(now - hour, now)
    assert not await is_found(now + hour, now)
    assert not await is_found(now - hour, now + 3 * hour)
    async with services.database.tenant(TENANT, [APP]) as connection:
        await connection.execute("DELETE FROM artifact")
    assert not await is_found(now - hour, now)


async def test_a_ttl_of_zero_disables_reuse(services: Services) -> None:
    policies = dict(services.registry.policies)
    policies[APP] = policies[APP].model_copy(update={"result_cache_ttl": 0})
    object.__setattr__(services.registry, "policies", policies)
    first, second = await submit(services), await submit(services)
    assert first.answer.body["job_id"] != second.answer.body["job_id"]


async def test_a_job_that_its_app_can_never_run_is_refused(services: Services) -> None:
    policies = dict(services.registry.policies)
    policies[APP] = policies[APP].model_copy(update={"batch_seats": 0})
    object.__setattr__(services.registry, "policies", policies)
    with pytest.raises(InputsRejectedError) as caught:
        await submit(services)
    assert caught.value.code == "domain_violation"
    assert caught.value.detail == "sitefit@1.1.0 takes 1 batch seat, and the app has 0."
    assert caught.value.errors[0].pointer == "/definition"


async def test_a_job_that_is_cancelled_is_not_joined(services: Services) -> None:
    first = await submit(services)
    queued = await get_job(services, CALLER, job_id(first), APP)
    await cancel_job(services, CALLER, queued.id, APP)
    assert (await submit(services)).answer.body["job_id"] != str(queued.id)


async def test_a_key_replays_its_answer(services: Services) -> None:
    first = await submit(services, terms=key())
    await finished(services)
    again = await submit(services, terms=key())
    assert (first.is_replayed, again.is_replayed) == (False, True)
    assert again.answer == first.answer
    assert await rows(services, "job") == 1


async def test_a_key_with_another_body_is_refused(services: Services) -> None:
    await submit(services, terms=key())
    with pytest.raises(RejectedError) as refusal:
        await submit(services, 2, key(value=2))
    assert refusal.value.code == "idempotency_key_reused"
    assert await rows(services, "job") == 1


async def test_keys_at_once_have_one_effect(services: Services) -> None:
    def fresh(text: str) -> Terms:
        return Terms(key(text).key, may_reuse=False)

    outcomes = await asyncio.gather(
        *(submit(services, terms=fresh("same")) for _ in range(8)), return_exceptions=True
    )
    answered = [outcome for outcome in outcomes if isinstance(outcome, Submitted)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, KudusoError)]
    assert len(answered) + len(refused) == 8
    assert answered
    assert len({str(outcome.answer.body["job_id"]) for outcome in answered}) == 1
    assert {error.code for error in refused} <= {"idempotency_in_progress"}
    assert await rows(services, "job") == await rows(services, "idempotency_key") == 1


async def test_a_key_is_in_progress_until_its_transaction_ends(services: Services) -> None:
    held = key().key
    assert held is not None
    now = services.clock.now()
    async with services.database.tenant(TENANT, [APP]) as connection:
        assert await recall(connection, TENANT, APP, held, now) is None
        with pytest.raises(ConflictError) as refusal:
            await submit(services, terms=key())
        # The key of another tenant, or another key, is free.
        await submit(services, terms=key(), caller=FOREIGNER)
        await submit(services, terms=key("other"))
    assert refusal.value.code == "idempotency_in_progress"
    assert refusal.value.retry_after_s == 1
    assert not (await submit(services, terms=key())).is_replayed


async def test_a_refused_submission_leaves_its_key_free(services: Services) -> None:
    with pytest.raises(InputsRejectedError):
        await submit(services, -5, key())
    assert not (await submit(services, 1, key())).is_replayed


async def test_an_expired_key_is_free_and_forgotten(services: Services) -> None:
    await submit(services, terms=key())
    assert await forget_expired_keys(services) == 0
    async with services.database.tenant(TENANT, [APP]) as connection:
        await connection.execute(
            "UPDATE idempotency_key SET expires_at = expires_at - interval '25 hours'"
        )
    assert not (await submit(services, 2, key(value=2))).is_replayed
    assert await rows(services, "idempotency_key") == 1
    async with services.database.tenant(TENANT, [APP]) as connection:
        await connection.execute(
            "UPDATE idempotency_key SET expires_at = expires_at - interval '25 hours'"
        )
    assert await forget_expired_keys(services) == 1
    assert await rows(services, "idempotency_key") == 0


def batch(*values: Any, is_atomic: bool = False) -> Batch:
    return Batch(tuple({"version": "1.1.0", "inputs": {"value": v}} for v in values), is_atomic)


async def send(services: Services, jobs: Batch, terms: Terms | None = None) -> Submitted:
    return await submit_batch(services, CALLER, TRACE, APP, jobs, terms or Terms())


async def test_each_job_of_a_batch_has_its_outcome(services: Services) -> None:
    documents = (*batch(1, "x", 1, 2).submissions, {"inputs": {}, "status": "done"}, 5)
    unknown = {"version": "9.9.9", "inputs": {}}
    body = (await send(services, Batch((*documents, unknown), is_atomic=False))).answer.body
    entries: Any = body["jobs"]
    assert [entry["status"] for entry in entries] == [202, 400, 202, 202, 400, 400, 404]
    assert [entry["index"] for entry in entries] == list(range(7))
    assert (body["accepted"], body["rejected"]) == (3, 4)
    assert entries[2]["job"]["job_id"] == entries[0]["job"]["job_id"]
    assert entries[2]["job"]["collapsed"]
    pointers = [
        [e["pointer"] for e in entry.get("problem", {}).get("errors", [])] for entry in entries
    ]
    assert pointers[1] == ["/jobs/1/inputs/value"]
    assert pointers[4] == ["/jobs/4/status"]
    assert pointers[5] == ["/jobs/5"]
    assert pointers[6] == ["/jobs/6"]
    assert entries[6]["problem"]["code"] == "definition_not_found"
    assert await rows(services, "job") == await rows(services, "outbox") == 2


async def test_an_atomic_batch_with_a_bad_job_writes_nothing(services: Services) -> None:
    with pytest.raises(InputsRejectedError) as refusal:
        await send(services, batch(1, 2, "x", -1, is_atomic=True))
    assert refusal.value.code == "schema_violation"
    pointers = [violation.pointer for violation in refusal.value.errors]
    assert pointers == ["/jobs/2/inputs/value", "/jobs/3/inputs/value"]
    assert await rows(services, "job") == 0
    good = await send(services, batch(1, 2, is_atomic=True))
    assert good.answer.body["accepted"] == 2


async def test_a_batch_is_replayed_by_its_key(services: Services) -> None:
    terms = Terms(IdempotencyKey("jobs/batch", "k", "f"), may_reuse=False)
    first = await send(services, batch(1, 1, 2), terms)
    again = await send(services, batch(1, 1, 2), terms)
    assert again.is_replayed
    assert again.answer == first.answer
    assert await rows(services, "job") == 3


async def test_batches_that_share_jobs_in_opposite_order_both_end(services: Services) -> None:
    ahead, back = list(range(20)), list(range(19, -1, -1))
    await asyncio.gather(*(send(services, batch(*values)) for values in (ahead, back) * 3))
    assert await rows(services, "job") == 20


async def test_waiting_ends_with_the_job(services: Services) -> None:
    submitted = await submit(services)
    waiting = asyncio.create_task(await_end(services, CALLER, job_id(submitted), 20))
    await finished(services)
    ended = await waiting
    assert ended is not None
    assert ended.status == "succeeded"
    assert await await_end(services, CALLER, job_id(await submit(services, 2)), 0.05) is None


async def test_a_change_ends_the_wait_for_news(services: Services) -> None:
    job = await get_job(services, CALLER, job_id(await submit(services)), APP)
    waiting = asyncio.create_task(await_change(services, CALLER, job, 20, None))
    assert await claimed(services.database, services.clock.now()) is not None
    running = await waiting
    assert running.status == "running"
    # Who knows another state is answered at once, and who waits in vain gets the same one.
    assert await await_change(services, CALLER, running, 20, '"other"') == running
    assert await await_change(services, CALLER, running, 0.05, None) == running


async def test_an_unknown_app_or_contract_is_refused(services: Services) -> None:
    with pytest.raises(NotFoundError):
        await submit_job(services, CALLER, TRACE, Submission("x", None, None, {}), Terms())
    with pytest.raises(DefinitionNotFoundError):
        await submit_job(services, CALLER, TRACE, Submission(APP, "x", None, {}), Terms())


async def test_a_wait_is_estimated_once_a_run_was_measured(services: Services) -> None:
    await submit(services, 1)
    queued = await get_job(services, CALLER, job_id(await submit(services, 2)), APP)
    assert await estimate_wait(services, queued) == QueueEstimate(2, None)
    run = await finished(services)
    async with services.database.tenant(TENANT, [APP]) as connection:
        await connection.execute(
            "UPDATE job SET started_at = ended_at - interval '4 s' WHERE id = %s", (run.job_id,)
        )
    assert await estimate_wait(services, queued) == QueueEstimate(1, 4.0)
    theirs = job_id(await submit(services, 2, caller=FOREIGNER))
    foreign = await get_job(services, FOREIGNER, theirs, APP)
    assert await estimate_wait(services, foreign) == QueueEstimate(1, 4.0)
    ended = await get_job(services, CALLER, run.job_id, APP)
    assert await estimate_wait(services, ended) is None
