"""A callback is promised only by a job that can still keep it."""

import asyncio
from dataclasses import replace

from functions.domain.job import NewJob
from functions.domain.submitted import Submitted, Terms
from functions.services import Services
from functions.store import runs
from functions.use_cases.write_submissions import write_submissions
from tests.builders.jobs import APP, START, TENANT, a_job, submitted_and_claimed
from tests.integration.webhooks.conftest import deliveries

URL = "https://receiver.example/in"
WAITING = "SELECT FROM pg_locks WHERE NOT granted"


async def submit(services: Services, draft: NewJob) -> Submitted:
    return await write_submissions(services, [draft], Terms(), lambda found: found[0].answer())


async def callbacks(services: Services) -> int:
    async with services.database.tenant(TENANT, [APP]) as connection:
        return (await connection.execute("SELECT FROM webhook_callback")).rowcount


async def test_an_equal_job_that_runs_tells_every_callback(services: Services) -> None:
    run = await submitted_and_claimed(services.database)
    for url in (f"{URL}/1", f"{URL}/2", f"{URL}/2"):
        outcome = await submit(services, replace(a_job(), callback_url=url))
        assert (outcome.answer.status, outcome.answer.body["collapsed"]) == (202, True)
    async with services.database.tenant(TENANT, [APP]) as connection:
        assert await runs.succeed(connection, run, {"result": 42}, None, [], START)
    told = sorted(row["callback_url"] for row in await deliveries(services))
    assert told == [f"{URL}/1", f"{URL}/2"]


async def test_a_finished_job_answers_instead_of_calling(services: Services) -> None:
    run = await submitted_and_claimed(services.database)
    async with services.database.tenant(TENANT, [APP]) as connection:
        assert await runs.succeed(connection, run, {"result": 42}, None, [], START)
    outcome = await submit(services, replace(a_job(), callback_url=URL))
    assert (outcome.answer.status, outcome.answer.body["cached"]) == (200, True)
    assert await callbacks(services) == 0


async def test_a_job_that_ends_meanwhile_answers_too(services: Services) -> None:
    run = await submitted_and_claimed(services.database)
    async with services.database.tenant(TENANT, [APP]) as connection:
        assert await runs.succeed(connection, run, {"result": 42}, None, [], START)
        # The submission still sees the job run, and waits for this transaction to promise more.
        submission = asyncio.create_task(submit(services, replace(a_job(), callback_url=URL)))
        while (await connection.execute(WAITING)).rowcount == 0:
            assert not submission.done()
            await asyncio.sleep(0)
    outcome = await submission
    assert (outcome.answer.status, outcome.answer.body["cached"]) == (200, True)
    assert await callbacks(services) == 0
