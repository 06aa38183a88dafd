"""The SQL of the runbooks runs on the real schema; an app's rows can be copied as described."""

import re
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from tests.conftest import TestDatabase, migrate

FOLDER = Path(__file__).parents[3] / "docs/runbooks"
STATEMENTS = [
    (page.name, statement.strip())
    for page in sorted(FOLDER.glob("*.md"))
    for block in re.findall(r"^ *```sql\n(.*?)```", page.read_text(), re.DOTALL | re.MULTILINE)
    for statement in block.split(";")
    if statement.strip()
]
JOB = """
INSERT INTO job (id, tenant_id, app_id, definition, version, status, inputs_hash, payload_json,
  correlation_id, created_at, ended_at, expires_at)
VALUES (%s, %s, %s, %s, '1.0.0', 'failed', repeat('0', 64), '{"value": 1}', 'c', now(), now(),
  now() + interval '1 day')"""
LETTER = """
INSERT INTO dead_letter (id, tenant_id, app_id, job_id, reason, fingerprint, error, attempts,
  created_at)
VALUES (%s, %s, %s, %s, 'permanent', 'f', '{"code": "x"}', 1, now())"""
EXPIRING = {"seat", "rate_limit", "preview_turn"}


def test_every_statement_runs(database_urls: TestDatabase) -> None:
    assert len(STATEMENTS) >= 10
    with psycopg.connect(database_urls.owner_url) as connection:
        for page, statement in STATEMENTS:
            try:
                connection.execute(statement.encode())
            except psycopg.Error as error:
                pytest.fail(f"{page}: {statement}: {error}")


def copied_tables() -> list[str]:
    page = (FOLDER / "move-app-database.md").read_text()
    listed = re.search(r"for table in (.*?); do", page, re.DOTALL)
    assert listed
    return listed[1].replace("\\", " ").split()


def columns(connection: psycopg.Connection, table: str) -> sql.Composable:
    """By the statement of the runbook."""
    page = (FOLDER / "move-app-database.md").read_text()
    asked = re.search(r"-Atc \"(SELECT string_agg.*?)\"\)", page, re.DOTALL)
    assert asked
    row = connection.execute(asked[1].replace("$table", table).encode()).fetchone()
    assert row
    assert row[0]
    return sql.SQL(", ").join(sql.Identifier(name) for name in row[0].split(","))


def test_every_table_of_an_app_is_copied_or_expires(database_urls: TestDatabase) -> None:
    with psycopg.connect(database_urls.owner_url) as connection:
        rows = connection.execute(
            "SELECT table_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = 'public' "
            "AND column_name = 'app_id' AND table_type = 'BASE TABLE'"
        ).fetchall()
    assert {name for (name,) in rows} == set(copied_tables()) | EXPIRING


def test_rows_arrive_whole_in_the_new_database(
    database_urls: TestDatabase, empty_database: str
) -> None:
    migrate(empty_database, "upgrade", "head")
    tenant, job = uuid4(), uuid4()
    with (
        psycopg.connect(database_urls.owner_url) as old,
        psycopg.connect(empty_database) as new,
    ):
        for app_id, job_id in (("sitefit", job), ("daylight", uuid4())):
            old.execute(JOB, (job_id, tenant, app_id, app_id))
            old.execute(LETTER, (uuid4(), tenant, app_id, job_id))
        new.execute("SET session_replication_role = replica")
        for table in copied_tables():
            listed, name = columns(old, table), sql.Identifier(table)
            read = sql.SQL("COPY (SELECT {} FROM {} WHERE app_id = 'sitefit') TO STDOUT")
            write = sql.SQL("COPY {} ({}) FROM STDIN").format(name, listed)
            with (
                old.cursor().copy(read.format(listed, name)) as source,
                new.cursor().copy(write) as target,
            ):
                for part in source:
                    target.write(part)
        for table in copied_tables():
            count = sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE app_id = 'sitefit'").format(
                sql.Identifier(table)
            )
            assert new.execute(count).fetchall() == old.execute(count).fetchall(), table
        found = new.execute("SELECT id FROM job").fetchall()
        letters = new.execute("SELECT letters FROM dead_letter_incident").fetchall()
    assert found == [(job,)]
    assert letters == [(1,)]
