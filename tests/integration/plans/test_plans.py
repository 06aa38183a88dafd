"""The statements that every job pays for read by an index, whatever has ended before."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from functions.domain.job import Run
from functions.store.statements import load
from functions.store.tenant import Database
from tests.builders.finished_jobs import add_finished_jobs
from tests.builders.jobs import (
    APP,
    LEASE,
    OTHER_TENANT,
    START,
    TENANT,
    a_job,
    submitted,
    submitted_and_claimed,
)
from tests.conftest import TestDatabase

FEW, MANY = 1_000, 20_000
# A deeper tree costs a page for each index that a statement touches.
MORE_PAGES = 15
SCANS = b"SELECT relname, seq_scan FROM pg_stat_xact_user_tables"
LARGE = {"job", "job_event", "outbox", "result"}


@dataclass(frozen=True, slots=True)
class Cost:
    pages: int
    scanned: set[str]


def statements(run: Run) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Each with values as the store gives them."""
    seats, runs, outbox = load("seats.sql"), load("runs.sql"), load("outbox.sql")
    long_runs = load("long_runs.sql")
    app = {"app_id": APP, "lane": "batch", "seats": 4, "now": START, "before": START}
    late = {"now": START + LEASE * 2, "before": START, "overdue_since": START}
    apps = {"app_ids": [APP], "limit": 100, **late}
    claim = {"max_attempts": 5, "weights": Jsonb({}), "rung": None, "rung_attempt": None}
    key = {"id": run.job_id, "tenant_id": TENANT, "app_id": APP}
    guard = {**key, "lease_token": run.lease_token, "now": START, "lease_expires_at": START + LEASE}
    long = {"job_id": run.job_id, "lease_token": run.lease_token}
    report = {"solve_id": "s", "sequence": 1, "progress": None, "has_ended": False, "problem": None}
    result = {"outputs": Jsonb({}), "provenance": None, "score": None}
    step = {"event": "job_succeeded", "detail": Jsonb({}), **result}
    return {
        "claim_next": (
            seats["claim_next"],
            {**app, **claim, "lease_expires_at": START + LEASE},
        ),
        "waiting": (seats["waiting"], app),
        "renew seat": (seats["renew"], {**guard, "expires_at": START + LEASE}),
        "read_ring": (runs["read_ring"], {**key, "attempt": 1}),
        "beat": (runs["beat"], guard),
        "renew_lease": (runs["renew_lease"], guard),
        "succeed": (runs["succeed"], {**guard, **step}),
        "conclude": (runs["conclude"], {**guard, **step}),
        "expired_leases": (runs["expired_leases"], apps),
        "expire_overdue": (runs["expire_overdue"], {**apps, "error": Jsonb({})}),
        "long run": (long_runs["read"], long),
        "held long run": (long_runs["held_run"], long),
        "report of a long run": (long_runs["report"], {**long, **report}),
        "unled long runs": (long_runs["unled"], apps),
        "unsent": (outbox["unsent"], apps),
        "mark_sent": (
            outbox["mark_sent"],
            {"job_ids": [run.job_id], "attempts": [1], "instants": [START]},
        ),
    }


async def cost(database: Database, statement: bytes, values: dict[str, Any]) -> Cost:
    """Run it for its figures and take everything back; what its functions do counts, too."""
    async with database.platform([APP]) as connection:
        scans = await (await connection.execute(SCANS)).fetchall()
        explained = b"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement
        row = await (await connection.execute(explained, values)).fetchone()
        scans_after = await (await connection.execute(SCANS)).fetchall()
        await connection.rollback()
    assert row is not None
    plan = row["QUERY PLAN"][0]["Plan"]
    before = {scan["relname"]: scan["seq_scan"] for scan in scans}
    scanned = {
        scan["relname"] for scan in scans_after if scan["seq_scan"] > before[scan["relname"]]
    }
    return Cost(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], scanned)


async def costs(database: Database, run: Run) -> dict[str, Cost]:
    found: dict[str, Cost] = {}
    for name, statement in statements(run).items():
        for _ in range(2):  # at first a session reads the catalogue to plan what functions do
            await cost(database, *statement)
        found[name] = await cost(database, *statement)
    return found


async def test_a_job_costs_the_same_after_many_as_after_few(
    database: Database, database_urls: TestDatabase
) -> None:
    run = await submitted_and_claimed(database)
    for tenant in (TENANT, TENANT, OTHER_TENANT):
        await submitted(database, a_job(tenant))
    before = START - timedelta(hours=1)
    add_finished_jobs(database_urls.owner_url, FEW, TENANT, APP, before)
    few = await costs(database, run)
    add_finished_jobs(database_urls.owner_url, MANY - FEW, OTHER_TENANT, APP, before)
    many = await costs(database, run)
    assert {name: one.scanned & LARGE for name, one in many.items() if one.scanned & LARGE} == {}
    grown = {
        name: (few[name].pages, one.pages)
        for name, one in many.items()
        if one.pages > few[name].pages + MORE_PAGES
    }
    assert grown == {}


async def test_the_cost_shows_a_missing_index(
    database: Database, database_urls: TestDatabase
) -> None:
    """The test above can fail: without its index a claim reads what has ended."""
    run = await submitted_and_claimed(database)
    add_finished_jobs(database_urls.owner_url, FEW, TENANT, APP, START - timedelta(hours=1))
    with_index = (await costs(database, run))["claim_next"]
    with psycopg.connect(database_urls.owner_url, autocommit=True) as connection:
        connection.execute("DROP INDEX job_waiting, job_overdue")
    without = (await costs(database, run))["claim_next"]
    assert without.pages > with_index.pages + MORE_PAGES
