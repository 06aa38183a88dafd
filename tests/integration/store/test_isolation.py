"""A transaction sees the rows of its tenant and apps, and nothing else."""

from datetime import timedelta

import psycopg
import pytest

from functions.store.jobs import get_job
from functions.store.runs import list_expired_leases, renew_lease
from functions.store.tenant import Connection, Database
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


async def count(connection: Connection) -> int:
    row = await (await connection.execute("SELECT count(*) AS n FROM job")).fetchone()
    assert row is not None
    return row["n"]


async def test_another_tenant_sees_nothing(database: Database) -> None:
    message = await submitted(database)
    async with database.tenant(OTHER_TENANT, [APP]) as connection:
        assert await get_job(connection, message.job_id, [APP]) is None
        assert await count(connection) == 0
    async with database.tenant(TENANT, [APP]) as connection:
        assert await get_job(connection, message.job_id, [APP]) is not None


async def test_a_tenant_without_the_app_sees_nothing(database: Database) -> None:
    message = await submitted(database)
    async with database.tenant(TENANT, ["daylight"]) as connection:
        assert await get_job(connection, message.job_id, [APP, "daylight"]) is None


async def test_a_row_for_another_tenant_cannot_be_written(database: Database) -> None:
    foreign = a_job(OTHER_TENANT)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.tenant(TENANT, [APP]) as connection:
            await connection.execute(
                "INSERT INTO job (id, tenant_id, app_id, definition, version, status, inputs_hash,"
                " payload_json, correlation_id, created_at)"
                " VALUES (%s, %s, %s, 'd', '1.0.0', 'queued', 'h', '{}', 'c', now())",
                (foreign.job_id, foreign.tenant_id, APP),
            )


async def test_a_connection_without_claims_sees_nothing(
    database: Database, database_urls: TestDatabase
) -> None:
    await submitted(database)
    with psycopg.connect(database_urls.runtime_url) as connection:
        assert connection.execute("SELECT count(*) FROM job").fetchone() == (0,)


async def test_claims_do_not_outlive_their_transaction(database: Database) -> None:
    await submitted(database)
    async with database.tenant(TENANT, [APP]) as connection:
        assert await count(connection) == 1
    async with database.platform([]) as connection:
        assert await count(connection) == 0


async def test_isolation_fails_without_the_policy(
    database: Database, database_urls: TestDatabase
) -> None:
    """The tests above stand on the policies: without row security the foreign row shows."""
    await submitted(database)
    with psycopg.connect(database_urls.owner_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE job DISABLE ROW LEVEL SECURITY")
    async with database.tenant(OTHER_TENANT, [APP]) as connection:
        assert await count(connection) == 1


async def test_timers_see_every_tenant_of_their_apps_only(database: Database) -> None:
    for tenant_id in (TENANT, OTHER_TENANT):
        await submitted_and_claimed(database, a_job(tenant_id))
    late = START + LEASE + timedelta(seconds=1)
    async with database.platform([APP]) as connection:
        assert len(await list_expired_leases(connection, [APP], late, 10)) == 2
    async with database.platform(["daylight"]) as connection:
        assert await list_expired_leases(connection, [APP, "daylight"], late, 10) == []


async def test_a_foreign_run_cannot_be_renewed(database: Database) -> None:
    run = await submitted_and_claimed(database)
    async with database.tenant(OTHER_TENANT, [APP]) as connection:
        assert not await renew_lease(connection, run, START + LEASE)
