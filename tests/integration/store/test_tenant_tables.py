"""Each table that has a tenant hides its rows from everybody else, and only its policies do that.

Tables and columns come from the catalogue: a table that is added tomorrow is tested tomorrow.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import product
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Identifier

from tests.builders.jobs import APP, OTHER_TENANT, TENANT
from tests.builders.tenant_rows import Row, a_row, insert, tenant_tables
from tests.conftest import TestDatabase

Connection = psycopg.Connection[Any]
Claims = dict[str, Any] | None

OWN: Claims = {"tenant_id": str(TENANT), "apps": [APP]}
STRANGERS: dict[str, Claims] = {
    "another tenant": {"tenant_id": str(OTHER_TENANT), "apps": [APP]},
    "the tenant without the app": {"tenant_id": str(TENANT), "apps": ["daylight"]},
    "the tenant without apps": {"tenant_id": str(TENANT)},
    "nobody with the app": {"apps": [APP]},
    "the platform of another app": {"kuduso_role": "platform", "apps": ["daylight"]},
    "no claims": {},
    "a connection that never set any": None,
}
ROLES = ("kuduso_runtime", "authenticated")
TOUCHES: tuple[LiteralString, ...] = (
    "SELECT tenant_id FROM {}",
    "UPDATE {} SET app_id = app_id",
    "DELETE FROM {}",
)
GIFTS: tuple[LiteralString, ...] = (
    "UPDATE {} SET tenant_id = gen_random_uuid()",
    "UPDATE {} SET app_id = 'daylight'",
)


@contextmanager
def acting(
    connection: Connection, claims: Claims, role: str = "kuduso_runtime"
) -> Iterator[Connection]:
    """A transaction of somebody, which is taken back."""
    connection.execute(f"SET LOCAL ROLE {role}".encode())
    if claims is not None:
        text = json.dumps(claims)
        connection.execute("SELECT set_config('request.jwt.claims', %s, true)", [text])
    yield connection
    connection.rollback()


@pytest.fixture
def tables(database_urls: TestDatabase) -> list[str]:
    """Every table with a tenant; each has a row of TENANT."""
    with psycopg.connect(database_urls.owner_url) as connection:
        found = tenant_tables(connection)
        for table in found:
            insert(connection, table, a_row(connection, table))
    assert len(found) >= 10
    return found


def affected(connection: Connection, sql: LiteralString, table: str) -> int:
    """Rows that a statement reads or writes; none without the right to run it."""
    try:
        with connection.transaction():
            return connection.execute(SQL(sql).format(Identifier(table))).rowcount
    except InsufficientPrivilege:
        return 0


def may_insert(connection: Connection, table: str, row: Row) -> bool:
    try:
        with connection.transaction():
            insert(connection, table, row)
    except InsufficientPrivilege:
        return False
    return True


def reached_by(connection: Connection, table: str, row: Row) -> list[str]:
    """Everything that somebody may do to another's rows."""
    touched = [sql for sql in TOUCHES if affected(connection, sql, table)]
    return [*touched, "INSERT"] if may_insert(connection, table, row) else touched


def given_away(connection: Connection, table: str) -> list[str]:
    """What a tenant can do to its row that it must not, or cannot do that it must."""
    sees_own = affected(connection, TOUCHES[0], table) > 0
    gifts = [sql for sql in GIFTS if affected(connection, sql, table)]
    return gifts if sees_own else ["does not see its own row", *gifts]


def leaks(urls: TestDatabase, table: str, row: Row) -> list[tuple[str, str, list[str]]]:
    found: list[tuple[str, str, list[str]]] = []
    with psycopg.connect(urls.owner_url) as used:
        for role, (stranger, claims) in product(ROLES, STRANGERS.items()):
            # Who never set any claims comes on a connection where nobody did.
            fresh = psycopg.connect(urls.owner_url) if claims is None else nullcontext(used)
            with fresh as connection, acting(connection, claims, role):
                found.append((role, stranger, reached_by(connection, table, row)))
        with acting(used, OWN) as connection:
            found.append(("kuduso_runtime", "the tenant", given_away(connection, table)))
    return [entry for entry in found if entry[2]]


def unwritten(urls: TestDatabase, table: str) -> Row:
    """A row under a key that is free."""
    with psycopg.connect(urls.owner_url) as connection:
        row = a_row(connection, table)
    return row | ({"lane": "preview"} if "lane" in row else {})


def test_each_tenant_table_is_closed_to_strangers(
    database_urls: TestDatabase, tables: list[str]
) -> None:
    for table in tables:
        assert leaks(database_urls, table, unwritten(database_urls, table)) == []


def dropped(table: str) -> str:
    return f"DROP POLICY {table}_of_tenant ON {table}"


def disabled(table: str) -> str:
    return f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


def widened(table: str) -> str:
    return f"ALTER POLICY {table}_of_tenant ON {table} USING (true)"


def blind_to_apps(table: str) -> str:
    own = "tenant_id = (SELECT kuduso.tenant_id())"
    return f"ALTER POLICY {table}_of_tenant ON {table} USING ({own})"


@pytest.mark.parametrize("mutation", [dropped, disabled, widened, blind_to_apps])
def test_the_test_above_stands_on_the_policies(
    database_urls: TestDatabase, tables: list[str], mutation: Callable[[str], str]
) -> None:
    for table in tables:
        row = unwritten(database_urls, table)
        with psycopg.connect(database_urls.owner_url) as connection:
            connection.execute(mutation(table).encode())
        assert leaks(database_urls, table, row) != [], table
