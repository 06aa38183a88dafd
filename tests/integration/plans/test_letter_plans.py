"""Lists of causes and the timer of letters read an index, however many letters there are."""

from collections.abc import Iterator
from typing import Any

import psycopg

from functions.store.statements import load
from functions.store.tenant import Database
from tests.builders.jobs import APP, START
from tests.conftest import TestDatabase

LETTERS = """
INSERT INTO dead_letter (id, app_id, reason, fingerprint, error, attempts, created_at)
SELECT gen_random_uuid(), 'sitefit', 'permanent', md5((n %% 20)::text),
       jsonb_build_object('code', 'definition_error'), 1, now() - n * interval '1 second'
FROM generate_series(1, %s) AS n
"""
MANY, FEW_PAGES = 20_000, 40
ANY = {"reason": None, "fingerprint": None, "code": None, "at": None, "id": None, "limit": 20}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


async def plan(database: Database, name: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    explained = b"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + load("dead_letters.sql")[name]
    async with database.platform([APP]) as connection:
        row = await (await connection.execute(explained, values)).fetchone()
        await connection.rollback()
    assert row is not None
    return [*nodes(row["QUERY PLAN"][0]["Plan"])]


async def test_causes_are_listed_without_reading_letters(
    database: Database, database_urls: TestDatabase
) -> None:
    with psycopg.connect(database_urls.owner_url, autocommit=True) as connection:
        connection.execute(LETTERS.encode(), [MANY])
        connection.execute("VACUUM (ANALYZE) dead_letter, dead_letter_incident")
    found = await plan(database, "incidents", ANY | {"app_id": APP})
    assert {node.get("Relation Name") for node in found} == {None, "dead_letter_incident"}
    assert found[0]["Actual Rows"] == 20
    assert found[0]["Shared Hit Blocks"] + found[0]["Shared Read Blocks"] < FEW_PAGES
    found = await plan(database, "forget", {"app_ids": [APP], "before": START, "limit": 10})
    assert "dead_letter_age" in {node.get("Index Name") for node in found}
