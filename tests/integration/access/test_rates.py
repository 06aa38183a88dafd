"""Submissions are limited across instances, reads in each; what is told can be relied on."""

import asyncio
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import azure.functions as func
import psycopg
import pytest

from functions.domain.rate import Quota, RateLimitedError
from functions.store.rate_limits import Spending
from functions.store.read_rates import ReadRates
from functions.store.tenant import Database
from functions.use_cases.spend_rate import spend_rate
from tests.builders.jobs import APP, OTHER_TENANT, START, TENANT
from tests.conftest import TestDatabase
from tests.integration.access.conftest import FunctionApp, Issuer

# So slow that a busy machine changes nothing.
QUOTA = Quota("jobs", 10, 6000)
UNIT_S = 600
BATCH = {"jobs": [{"version": "1.1.0", "inputs": {"value": n}} for n in range(100)]}


async def spent(database: Database, units: int = 1, app_id: str = APP, **scope: Any) -> int:
    """What is left after spending."""
    tenant_id = scope.get("tenant_id", TENANT)
    wanted = Spending(tenant_id, app_id, "batch", QUOTA, units)
    return (await spend_rate(database, wanted)).remaining


def pass_time(urls: TestDatabase, seconds: float) -> None:
    """As if the rows had been written earlier."""
    with psycopg.connect(urls.owner_url) as connection:
        connection.execute(
            "UPDATE rate_limit SET spent_until = spent_until - %s", [timedelta(seconds=seconds)]
        )


def almost(error: RateLimitedError, wait_s: int) -> bool:
    return wait_s - 60 <= (error.retry_after_s or 0) <= wait_s


async def test_a_quota_is_spent_and_comes_back(
    database: Database, database_urls: TestDatabase
) -> None:
    assert [await spent(database) for _ in range(10)] == list(range(9, -1, -1))
    with pytest.raises(RateLimitedError) as caught:
        await spent(database)
    assert almost(caught.value, UNIT_S)
    pass_time(database_urls, UNIT_S)
    assert await spent(database) == 0
    pass_time(database_urls, 60_000)
    assert await spent(database, 4) == 6


async def test_who_comes_back_when_told_is_let_in(
    database: Database, database_urls: TestDatabase
) -> None:
    await spent(database, 10)
    with pytest.raises(RateLimitedError) as caught:
        await spent(database, 7)
    assert almost(caught.value, 7 * UNIT_S)
    pass_time(database_urls, caught.value.retry_after_s or 0)
    assert await spent(database, 7) == 0


async def test_more_than_the_quota_is_taken_when_nothing_else_is(
    database: Database, database_urls: TestDatabase
) -> None:
    assert await spent(database, 25) == 0
    with pytest.raises(RateLimitedError) as caught:
        await spent(database)
    assert almost(caught.value, 16 * UNIT_S)
    pass_time(database_urls, caught.value.retry_after_s or 0)
    assert await spent(database) == 0


async def test_tenants_and_apps_have_quotas_of_their_own(database: Database) -> None:
    await spent(database, 10)
    assert await spent(database, tenant_id=OTHER_TENANT) == 9
    assert await spent(database, app_id="daylight") == 9


async def test_many_instances_together_spend_no_more(database: Database) -> None:
    async def attempt() -> bool:
        try:
            await spent(database)
        except RateLimitedError:
            return False
        return True

    assert sum(await asyncio.gather(*(attempt() for _ in range(30)))) == 10


def rate(answer: func.HttpResponse) -> tuple[str, int, int]:
    """Policy, units left, seconds until they are whole."""
    match = re.fullmatch(r'"jobs";r=(\d+);t=(\d+)', answer.headers["ratelimit"])
    assert match is not None
    return answer.headers["ratelimit-policy"], int(match[1]), int(match[2])


async def test_a_submission_tells_what_is_left(
    function_app: FunctionApp, token_issuer: Issuer
) -> None:
    token = token_issuer.token(tenant_id=str(uuid4()), apps=[APP])

    async def submit(name: str, body: Any) -> func.HttpResponse:
        return await function_app.call(name, token, params={"app_id": APP}, body=body)

    policy, left, reset_s = rate(await submit("submit_job", BATCH["jobs"][0]))
    assert (policy, left, reset_s) == ('"jobs";q=600;w=60', 599, 1)
    policy, left, reset_s = rate(await submit("submit_batch", BATCH))
    assert left in (499, 500)
    assert reset_s in (10, 11)


async def test_a_submission_too_many_is_refused(
    function_app: FunctionApp, token_issuer: Issuer
) -> None:
    tenant_id = uuid4()
    token = token_issuer.token(tenant_id=str(tenant_id), apps=[APP])
    quota = Quota("jobs", 600, 60)
    await spend_rate(function_app.services.database, Spending(tenant_id, APP, "batch", quota, 600))
    answer = await function_app.call("submit_batch", token, params={"app_id": APP}, body=BATCH)
    assert answer.status_code == 429
    assert b'"code":"rate_limited"' in answer.get_body()
    policy, left, reset_s = rate(answer)
    assert (policy, int(answer.headers["retry-after"])) == ('"jobs";q=600;w=60', reset_s)
    assert left < 100
    assert 1 <= reset_s <= 10
    async with function_app.services.database.tenant(tenant_id, [APP]) as connection:
        cursor = await connection.execute("SELECT count(*) AS n FROM job")
        assert await cursor.fetchone() == {"n": 0}


async def test_reads_are_limited_too(function_app: FunctionApp, token_issuer: Issuer) -> None:
    token = token_issuer.token(tenant_id=str(uuid4()), apps=[APP])
    answers = [
        await function_app.call("get_job", token, params={"app_id": APP, "job_id": "5"})
        for _ in range(1000)
    ]
    statuses = [answer.status_code for answer in answers]
    assert statuses[:600] == [404] * 600
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.headers["ratelimit-policy"] == '"reads";q=600;w=60'


def test_reads_of_one_tenant_leave_the_others_alone() -> None:
    rates = ReadRates(Quota("reads", 2, 60))
    for _ in range(2):
        rates.spend(TENANT, APP, START)
    with pytest.raises(RateLimitedError) as caught:
        rates.spend(TENANT, APP, START)
    assert caught.value.retry_after_s == 30
    assert rates.spend(OTHER_TENANT, APP, START).remaining == 1
    assert rates.spend(TENANT, APP, START + timedelta(seconds=30)).remaining == 0
