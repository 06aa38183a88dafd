"""What the store and the runs promise holds behind a pooler in transaction mode, too.

The tests of these modules are collected here once more; conftest.py puts the pooler in between.
"""

import asyncio
from uuid import UUID

from functions.store.tenant import Database
from tests.builders.jobs import APP, OTHER_TENANT, TENANT, submitted
from tests.conftest import TestDatabase
from tests.integration.pooler.collect import collected

MODULES = (
    "store/test_isolation",
    "store/test_listing",
    "store/test_runs",
    "store/test_seats",
    "store/test_tenant_tables",
    "function_app/test_dead_letters",
    "function_app/test_erasing",
    "function_app/test_runs",
    "function_app/test_submissions",
    "preview/test_seats",
)

globals().update(collected(MODULES))


async def server_pid(database: Database) -> int:
    async with database.tenant(TENANT, [APP]) as connection:
        row = await (await connection.execute("SELECT pg_backend_pid() AS pid")).fetchone()
    assert row is not None
    return row["pid"]


async def test_clients_share_connections_and_never_each_others_claims(
    database: Database, database_urls: TestDatabase
) -> None:
    await submitted(database)
    clients = [Database(database_urls.runtime_url, pool_size=1) for _ in range(12)]
    pids = await asyncio.gather(*(server_pid(client) for client in clients))
    assert len(set(pids)) <= 4

    async def count(client: Database, tenant_id: UUID) -> int:
        async with client.tenant(tenant_id, [APP]) as connection:
            row = await (await connection.execute("SELECT count(*) AS n FROM job")).fetchone()
        assert row is not None
        return row["n"]

    tenants = [TENANT, OTHER_TENANT] * 30
    seen = await asyncio.gather(
        *(count(clients[i % 12], tenant) for i, tenant in enumerate(tenants))
    )
    assert list(seen) == [1, 0] * 30
    await asyncio.gather(*(client.close() for client in clients))
