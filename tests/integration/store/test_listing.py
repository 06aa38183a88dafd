"""Pages of jobs hold together, filters filter, and the index of the tenant's jobs is used."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from functions.domain.job import Job
from functions.domain.job_filter import Cursor, JobFilter
from functions.store.listing import list_events, list_jobs, page_values
from functions.store.queue_estimates import MOST_COUNTED, count_ahead, count_load, median_run_s
from functions.store.statements import load
from functions.store.tenant import Connection, Database
from tests.builders.jobs import (
    APP,
    OTHER_TENANT,
    START,
    TENANT,
    a_job,
    submitted,
    submitted_and_claimed,
)
from tests.conftest import TestDatabase

MANY = 20_000
FILL = """
INSERT INTO job (id, tenant_id, app_id, definition, version, status, inputs_hash, payload_json,
                 correlation_id, created_at, started_at, ended_at)
SELECT gen_random_uuid(), CASE n %% 10 WHEN 0 THEN %(mine)s ELSE gen_random_uuid() END, 'sitefit',
       'sitefit', '1.1.0', CASE n %% 50 WHEN 0 THEN 'queued' ELSE 'succeeded' END,
       lpad(n::text, 64, '0'), '{}', 'c',
       now() - n * interval '1 s', now() - n * interval '1 s',
       CASE n %% 50 WHEN 0 THEN NULL ELSE now() - n * interval '1 s' + interval '3 s' END
FROM generate_series(1, %(many)s) AS n
"""
RESULTS = """
INSERT INTO result (job_id, tenant_id, app_id, outputs_json, created_at)
SELECT id, tenant_id, app_id, '{}', created_at FROM job WHERE status = 'succeeded'
"""


async def page(database: Database, wanted: JobFilter, tenant_id: UUID = TENANT) -> list[Job]:
    async with database.tenant(tenant_id, [APP]) as connection:
        return await list_jobs(connection, tenant_id, APP, wanted)


async def written(database: Database, count: int, labels: Mapping[str, str]) -> list[UUID]:
    """Two jobs share each instant, so that the order needs the id; newest first."""
    jobs = [
        replace(a_job(created_at=START + timedelta(seconds=n // 2)), labels=labels)
        for n in range(count)
    ]
    for job in jobs:
        await submitted(database, job)
    jobs.sort(key=lambda job: (job.created_at, job.job_id), reverse=True)
    return [job.job_id for job in jobs]


async def test_pages_hold_every_job_once(database: Database) -> None:
    expected = await written(database, 7, {})
    seen: list[UUID] = []
    cursor = None
    while True:
        found = await page(database, JobFilter(limit=2, cursor=cursor))
        seen += [job.id for job in found[:2]]
        if len(found) < 3:
            break
        cursor = Cursor(found[1].created_at, found[1].id)
        await submitted(database, a_job(created_at=START + timedelta(hours=1)))  # does not shift
    assert seen == expected


async def test_filters_select(database: Database) -> None:
    labelled = await written(database, 2, {"site": "a", "run": "1"})
    await submitted_and_claimed(database)
    later = a_job(created_at=START + timedelta(hours=1))
    await submitted(database, later)
    for wanted, count in (
        (JobFilter(), 4),
        (JobFilter(statuses=("running",)), 1),
        (JobFilter(statuses=("running", "queued")), 4),
        (JobFilter(statuses=("failed",)), 0),
        (JobFilter(definition="sitefit", version="1.1.0"), 4),
        (JobFilter(version="1.0.0"), 0),
        (JobFilter(created_after=START + timedelta(minutes=1)), 1),
        (JobFilter(created_before=START + timedelta(minutes=1)), 3),
        (JobFilter(labels={"site": "b"}), 0),
    ):
        assert len(await page(database, wanted)) == count, wanted
    assert [job.id for job in await page(database, JobFilter(labels={"site": "a"}))] == labelled


async def test_another_tenant_lists_nothing(database: Database) -> None:
    await submitted(database)
    assert await page(database, JobFilter(), OTHER_TENANT) == []
    async with database.tenant(OTHER_TENANT, [APP]) as connection:
        # The query names the owner: row-level security alone hides the job.
        assert await list_jobs(connection, TENANT, APP, JobFilter()) == []


async def test_events_are_numbered_and_continue(database: Database) -> None:
    run = await submitted_and_claimed(database)
    async with database.tenant(TENANT, [APP]) as connection:
        events = await list_events(connection, run.job_id, 0)
        assert [(event.seq, event.event) for event in events] == [
            (1, "job_submitted"),
            (2, "job_claimed"),
        ]
        assert await list_events(connection, run.job_id, 1) == events[1:]
    async with database.tenant(OTHER_TENANT, [APP]) as connection:
        assert await list_events(connection, run.job_id, 0) == []


async def test_place_in_the_queue_counts_ones_own_jobs(database: Database) -> None:
    ids = await written(database, 3, {})
    await submitted(database, a_job(OTHER_TENANT, created_at=START - timedelta(hours=1)))
    jobs = {job.id: job for job in await page(database, JobFilter())}
    async with database.tenant(TENANT, [APP]) as connection:
        ahead = [await count_ahead(connection, jobs[job_id]) for job_id in reversed(ids)]
        assert ahead == [0, 1, 2]
        assert await count_ahead(connection, replace(jobs[ids[0]], priority=1)) == 0
        assert await count_load(connection, TENANT, APP) == (3, 0)
        assert await median_run_s(connection, APP, a_job().ref) is None


@pytest.fixture
def full(database_urls: TestDatabase) -> None:
    """A table with many jobs of many tenants."""
    with psycopg.connect(database_urls.owner_url, autocommit=True) as connection:
        connection.execute(FILL, {"mine": TENANT, "many": MANY})
        connection.execute(RESULTS)
        connection.execute("ANALYZE job, result")


async def plan(connection: Connection, file: str, block: str, values: Any) -> str:
    cursor = await connection.execute(b"EXPLAIN (FORMAT JSON) " + load(file)[block], values)
    row = await cursor.fetchone()
    assert row is not None
    return json.dumps(row["QUERY PLAN"])


@pytest.mark.usefixtures("full")
async def test_hot_queries_use_their_indexes(database: Database) -> None:
    middle = Cursor(START, UUID(int=5))
    job = replace(a_job(), created_at=START)
    key = {"app_id": APP, "tenant_id": TENANT}
    ahead = {**key, "priority": 0, "created_at": START, "id": job.job_id, "limit": MOST_COUNTED}
    run = {"app_id": APP, "definition": "sitefit", "version": "1.1.0"}
    equal = {**key, "hashes": ["0" * 64], "fresh_after": START, "now": START}
    async with database.tenant(TENANT, [APP]) as connection:
        for wanted in (
            JobFilter(),
            JobFilter(cursor=middle),
            JobFilter(created_after=START),
            JobFilter(labels={"site": "a"}),
        ):
            values = page_values(TENANT, APP, wanted)
            found = await plan(connection, "listing.sql", "page", values)
            assert "job_of_tenant" in found, wanted
            assert "Seq Scan" not in found, wanted
            # Pages stop after `limit` rows; only a rare label is worth sorting the tenant's jobs.
            assert wanted.labels or '"Sort"' not in found, wanted
        assert "job_waiting" in await plan(connection, "queue_estimates.sql", "ahead", ahead)
        assert "job_equal" in await plan(connection, "submissions.sql", "find_equal", equal)
        assert "Seq Scan" not in await plan(
            connection, "queue_estimates.sql", "load", {**key, "limit": MOST_COUNTED}
        )
    async with database.platform([APP]) as connection:
        assert "job_timing" in await plan(connection, "queue_estimates.sql", "median_run", run)
        assert await median_run_s(connection, APP, a_job().ref) == 3
