"""What has served its time is forgotten, page by page; incidents keep count of what is left."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from functions.domain.dead_letter import Incident
from functions.domain.letter_filter import LetterFilter
from functions.services import Services
from functions.store.dead_letters import forget_letters, mark_replayed
from functions.store.rate_limits import forget_idle
from functions.store.tenant import Database
from functions.use_cases import forget_dead_letters as forgetting
from functions.use_cases.forget_dead_letters import forget_dead_letters
from functions.use_cases.forget_rates import forget_rates
from functions.use_cases.list_dead_letters import list_incidents
from tests.builders.jobs import APP, OTHER_TENANT, START, TENANT
from tests.conftest import TestDatabase
from tests.integration.function_app.test_dead_letters import (
    OPERATOR,
    given_up,
    gone,
    listed,
    platform,
)

DAY = timedelta(days=1)
RATES = """
INSERT INTO rate_limit (tenant_id, app_id, lane, spent_until)
SELECT gen_random_uuid(), 'sitefit', 'batch', now() + day * interval '1 day'
FROM unnest(ARRAY[-3, -2, 0, 1]) AS day
"""


def age(urls: TestDatabase, days: float, column: str = "created_at") -> None:
    with psycopg.connect(urls.owner_url) as connection:
        update = SQL("UPDATE dead_letter SET {} = now() - %s").format(Identifier(column))
        connection.execute(update, [days * DAY])


async def incidents(services: Services, **wanted: Any) -> list[Incident]:
    return await list_incidents(services, OPERATOR, APP, LetterFilter(is_grouped=True, **wanted))


async def test_letters_are_forgotten_after_their_time(
    services: Services, database_urls: TestDatabase
) -> None:
    await given_up(services)
    age(database_urls, 89.9)
    assert await forget_dead_letters(services) == 0
    await given_up(services)
    age(database_urls, 90.1)
    assert await forget_dead_letters(services) == 2
    assert await forget_dead_letters(services) == 0
    assert await listed(services) == []
    assert await incidents(services) == []


async def test_a_replay_begins_the_time_anew(
    services: Services, database_urls: TestDatabase
) -> None:
    await given_up(services)
    (letter,) = await listed(services)
    async with platform(services) as connection:
        assert await mark_replayed(connection, letter, letter.id, START)
    age(database_urls, 200)
    age(database_urls, 10, "replayed_at")
    assert await forget_dead_letters(services) == 0
    age(database_urls, 91, "replayed_at")
    assert await forget_dead_letters(services) == 1


async def test_a_page_is_a_page_and_the_oldest_go_first(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "PAGE", 2)
    ids = [await given_up(services, minute=minute) for minute in (2, 1, 3)]
    assert await forget_dead_letters(services) == 2
    assert [letter.id for letter in await listed(services)] == [ids[2]]


async def test_two_timers_at_once_forget_each_letter_once(database: Database) -> None:
    async with database.platform([APP]) as connection:
        await connection.execute(
            "INSERT INTO dead_letter (id, app_id, reason, fingerprint, error, attempts, created_at)"
            " SELECT gen_random_uuid(), 'sitefit', 'r', n::text, '{}', 1, now()"
            " FROM generate_series(1, 10) AS n"
        )
    async with database.platform([APP]) as one, database.platform([APP]) as other:
        far = START + 3650 * DAY
        counts = [await forget_letters(tx, [APP], far, 6) for tx in (one, other)]
    assert counts == [6, 4]


async def test_incidents_count_what_is_there(
    services: Services, database_urls: TestDatabase
) -> None:
    for minute in range(3):
        await given_up(services, minute=minute)
    await given_up(services, minute=5, tenant_id=OTHER_TENANT)
    await given_up(services, gone("Wrong.", "definition_error"), reason="permanent", minute=9)
    (letter, *_) = await listed(services, code="engine_error")
    async with platform(services) as connection:
        await mark_replayed(connection, letter, letter.id, START)
    newest, oldest = await incidents(services)
    assert (newest.code, newest.letters, newest.waiting) == ("definition_error", 1, 1)
    assert (oldest.letters, oldest.waiting, oldest.reason) == (4, 3, "attempts_exhausted")
    assert (oldest.first_seen_at, oldest.last_seen_at) == (START, START + timedelta(minutes=5))
    assert await incidents(services, reason="permanent") == [newest]
    assert await incidents(services, fingerprint=oldest.fingerprint) == [oldest]
    assert counted(database_urls) == recounted(database_urls)


async def test_a_tenant_sees_only_its_own_counts(services: Services) -> None:
    await given_up(services)
    await given_up(services, tenant_id=OTHER_TENANT)
    async with services.database.tenant(TENANT, [APP]) as connection:
        cursor = await connection.execute("SELECT tenant_id, letters FROM dead_letter_incident")
        assert await cursor.fetchall() == [{"tenant_id": TENANT, "letters": 1}]


async def test_rates_that_have_long_been_whole_are_forgotten(
    services: Services, database_urls: TestDatabase
) -> None:
    with psycopg.connect(database_urls.owner_url) as connection:
        connection.execute(RATES)
    async with platform(services) as connection:
        assert await forget_idle(connection, [APP], DAY, limit=1) == 1
    assert await forget_rates(services) == 1
    assert await forget_rates(services) == 0


COUNTED = """
SELECT tenant_id, fingerprint, reason, code, letters, waiting FROM dead_letter_incident
ORDER BY 2, 1
"""
RECOUNTED = """
SELECT tenant_id, fingerprint, reason, error ->> 'code' AS code, count(*) AS letters,
       count(*) FILTER (WHERE replayed_at IS NULL) AS waiting
FROM dead_letter GROUP BY 1, 2, 3, 4 ORDER BY 2, 1
"""


def counted(urls: TestDatabase) -> list[dict[str, Any]]:
    return rows(urls, COUNTED)


def recounted(urls: TestDatabase) -> list[dict[str, Any]]:
    return rows(urls, RECOUNTED)


def rows(urls: TestDatabase, statement: str) -> list[dict[str, Any]]:
    with psycopg.connect(urls.owner_url) as connection:
        return connection.cursor(row_factory=dict_row).execute(statement.encode()).fetchall()
