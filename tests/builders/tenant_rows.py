"""One row for each table that has a tenant, made from what the catalogue says of its columns."""

from typing import Any
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier, Placeholder

from tests.builders.jobs import APP, TENANT

Row = dict[str, Any]
Connection = psycopg.Connection[Any]

TENANT_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  AND a.attname = 'tenant_id' AND NOT a.attisdropped
ORDER BY 1
"""
COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO'
  AND column_default IS NULL AND is_identity = 'NO'
"""
PARENTS = """
SELECT a.attname, f.confrelid::regclass::text, b.attname
FROM pg_constraint f
JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[1]
WHERE f.contype = 'f' AND f.conrelid = %s::regclass
"""
INSTANT = "2026-03-01T12:00:00Z"
BY_TYPE = {
    "jsonb": "{}",
    "integer": 1,
    "smallint": 1,
    "bigint": 1,
    "double precision": 1.0,
    "timestamp with time zone": INSTANT,
    "boolean": True,
    "bytea": b"x",
    "ARRAY": "{x}",
}
# What the tables' checks demand.
BY_NAME = {"lane": "batch"}
BY_TABLE: dict[str, Row] = {
    "job": {"status": "queued"},
    "idempotency_key": {"status": 202},
    "study": {"paths": ["$.value"]},
    "artifact": {"study_id": None},
    "webhook_endpoint": {"url": "https://example.org/hook"},
    "webhook_delivery": {"next_attempt_at": INSTANT},
}


def tenant_tables(connection: Connection) -> list[str]:
    """Every table with a tenant_id."""
    return [name for (name,) in connection.execute(TENANT_TABLES)]


def a_row(connection: Connection, table: str) -> Row:
    """A row of TENANT that could be written; what it refers to is written with it."""
    row: Row = {"tenant_id": TENANT}
    for name, kind in connection.execute(COLUMNS, [table]):
        fresh = uuid4()
        row[name] = {"uuid": fresh, "text": str(fresh), **BY_TYPE}[kind]
    row |= {name: value for name, value in BY_NAME.items() if name in row}
    for column, parent, key in connection.execute(PARENTS, [table]).fetchall():
        written = insert(connection, parent, {key: uuid4(), **a_row(connection, parent)})
        row[column] = written[key]
    return row | BY_TABLE.get(table, {}) | {"tenant_id": TENANT, "app_id": APP}


def insert(connection: Connection, table: str, row: Row) -> Row:
    """Write it with the rights of the connection."""
    statement = SQL("INSERT INTO {} ({}) VALUES ({})").format(
        Identifier(table),
        SQL(", ").join(map(Identifier, row)),
        SQL(", ").join([Placeholder()] * len(row)),
    )
    connection.execute(statement, list(row.values()))
    return row
