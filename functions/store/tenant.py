"""The only way to a connection: a transaction that belongs to one tenant, or to the platform.

Role and claims are set for the transaction alone, so a connection that a pooler hands to somebody
else carries nothing over (Supabase's pooler in transaction mode, PgBouncer).

Source: docs/adr/0004-tenancy-by-forced-rls.md.
"""

import asyncio
import json
import select
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import lru_cache
from typing import Any, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from functions.domain.errors import FaultError
from functions.store.scoped import Row, ScopedConnection
from functions.telemetry.spans import span

__all__ = ["Connection", "Database", "Row"]
Connection = ScopedConnection

RUNTIME_ROLE = "kuduso_runtime"
WAIT_S = 5.0
FRESH_S = 1.0
# The pool doubles the pause between attempts until it gives up; the next request begins anew. So
# after an outage nobody waits for longer than this, however long it was, and that is below WAIT_S.
RECONNECT_S = 2.0
_SCOPE = sql.SQL(
    "SELECT set_config('role', {}, true), set_config('request.jwt.claims', {}, true); "
)
_BEGIN = b"BEGIN; "


class Database:
    """A pool that opens on first use.

    Raises:
        FaultError: PostgreSQL is away or does not answer in time.
    """

    def __init__(self, url: str, pool_size: int) -> None:
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            connection_class=ScopedConnection,
            min_size=1,
            max_size=pool_size,
            timeout=WAIT_S,
            reconnect_timeout=RECONNECT_S,
            open=False,
            check=self._check,
            kwargs={
                "autocommit": True,  # we begin each transaction, the pool commits it
                "row_factory": dict_row,
                "prepare_threshold": None,
                "connect_timeout": int(WAIT_S),
                "application_name": "kuduso",
            },
        )
        self._opening = asyncio.Lock()
        self._used_at: WeakKeyDictionary[Connection, float] = WeakKeyDictionary()

    def tenant(
        self, tenant_id: UUID, app_ids: Iterable[str], *, is_single: bool = False
    ) -> AbstractAsyncContextManager[Connection]:
        """A transaction that sees the rows of one tenant in these apps.

        A single one is one statement, and one round trip.
        """
        claims = {"tenant_id": str(tenant_id), "apps": sorted(app_ids)}
        return self._scoped(claims, is_single=is_single)

    def platform(
        self, app_ids: Iterable[str], *, is_single: bool = False
    ) -> AbstractAsyncContextManager[Connection]:
        """A transaction for timers: sees the rows of all tenants in these apps."""
        claims = {"kuduso_role": "platform", "apps": sorted(app_ids)}
        return self._scoped(claims, is_single=is_single)

    @asynccontextmanager
    async def _scoped(
        self, claims: Mapping[str, object], *, is_single: bool
    ) -> AsyncGenerator[Connection]:
        try:
            await self._open()
            with span("transaction", "client"):
                async with self._pool.connection() as connection:
                    scope = _scope(json.dumps(claims))
                    if is_single:
                        connection.open_with(scope, results=1, left=1)
                    else:
                        connection.open_with(_BEGIN + scope, results=2)
                    try:
                        yield connection
                    finally:
                        connection.open_with(b"", results=0)
                    self._used_at[connection] = asyncio.get_running_loop().time()
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise FaultError("The database does not answer.") from error

    async def _open(self) -> None:
        if self._pool.closed:
            async with self._opening:
                if self._pool.closed:
                    await self._pool.open()

    async def _check(self, connection: Connection) -> None:
        """A restarted server costs nobody a failed request.

        One round trip, saved where the connection worked a moment ago and the server has not
        spoken since: it announces its end, or its socket closes.
        """
        now = asyncio.get_running_loop().time()
        if now - self._used_at.get(connection, -FRESH_S) < FRESH_S and _is_quiet(connection):
            return
        await AsyncConnectionPool.check_connection(cast("psycopg.AsyncConnection[Any]", connection))

    async def ping(self) -> None:
        """One round trip."""
        async with self.platform(()) as connection:
            await connection.execute("SELECT 1")

    async def close(self) -> None:
        """Give the connections back."""
        if not self._pool.closed:
            await self._pool.close()


@lru_cache(maxsize=1024)
def _scope(claims: str) -> bytes:
    return _SCOPE.format(RUNTIME_ROLE, claims).as_bytes()


def _is_quiet(connection: Connection) -> bool:
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    return not socket.poll(0)
