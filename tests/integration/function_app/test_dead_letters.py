"""What was given up is recorded, found again and replayed; what only suffered an outage is not."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.model import ContractRef, JsonObject
from functions.domain.caller import Caller, Trace
from functions.domain.dead_letter import DeadLetter, JobReason
from functions.domain.errors import (
    FaultError,
    ForbiddenError,
    InputsRejectedError,
    InvalidStateError,
    NotFoundError,
)
from functions.domain.job import NewJob, Run
from functions.domain.letter_filter import LetterFilter, Place
from functions.services import Services
from functions.store.dead_letters import record_dead_letter
from functions.store.tenant import Connection
from functions.use_cases.drain_dead_message import DeadMessage, drain_dead_message
from functions.use_cases.get_dead_letter import get_dead_letter
from functions.use_cases.list_dead_letters import list_dead_letters, list_incidents
from functions.use_cases.replay_dead_letter import replay_dead_letter
from functions.use_cases.replay_incident import ReplayPage, replay_incident
from tests.builders.jobs import APP, OTHER_TENANT, START, TENANT, a_job, submitted

OPERATOR = Caller(OTHER_TENANT, frozenset({APP}), is_operator=True)
TRACE = Trace("replay-1", "00-" + "3" * 32 + "-" + "4" * 16 + "-01")
REF = ContractRef("sitefit", "1.1.0")


def gone(detail: str = "Node 17 of 40 is gone.", code: str = "engine_error") -> JsonObject:
    return {"code": code, "detail": detail}


async def given_up(
    services: Services,
    error: JsonObject | None = None,
    *,
    reason: JobReason = "attempts_exhausted",
    minute: int = 0,
    tenant_id: UUID = TENANT,
) -> UUID:
    """A failed job's dead letter."""
    job = a_job(tenant_id)
    await submitted(services.database, job)
    run = Run(job.job_id, tenant_id, APP, REF, job.inputs, 5, 5, "c", "t", START)
    letter_id, now = uuid4(), START + timedelta(minutes=minute)
    async with services.database.tenant(tenant_id, [APP]) as connection:
        await connection.execute(
            "UPDATE job SET status = 'failed', ended_at = %s WHERE id = %s", (now, job.job_id)
        )
        await record_dead_letter(
            connection, run, error or gone(), letter_id=letter_id, reason=reason, now=now
        )
    return letter_id


async def listed(services: Services, **wanted: Any) -> list[DeadLetter]:
    return await list_dead_letters(services, OPERATOR, APP, LetterFilter(**wanted))


async def replayed(services: Services, letter_id: UUID, inputs: JsonObject | None = None) -> NewJob:
    return await replay_dead_letter(services, OPERATOR, TRACE, (APP, letter_id), inputs)


def platform(services: Services) -> AbstractAsyncContextManager[Connection]:
    return services.database.platform([APP])


async def events(services: Services, job_id: UUID | None) -> list[str]:
    async with platform(services) as connection:
        cursor = await connection.execute(
            "SELECT event FROM job_event WHERE job_id = %s ORDER BY seq", (job_id,)
        )
        return [row["event"] for row in await cursor.fetchall()]


async def test_letters_of_every_tenant_are_listed_newest_first(services: Services) -> None:
    first = await given_up(services, minute=1)
    second = await given_up(services, minute=2, tenant_id=OTHER_TENANT)
    letters = await listed(services)
    assert [letter.id for letter in letters] == [second, first]
    assert [letter.tenant_id for letter in letters] == [OTHER_TENANT, TENANT]
    assert (letters[1].reason, letters[1].attempts) == ("attempts_exhausted", 5)


async def test_pages_follow_each_other_without_gap(services: Services) -> None:
    ids = [await given_up(services, minute=n // 2) for n in range(5)]
    found: list[UUID] = []
    after: Place | None = None
    while page := await listed(services, limit=2, after=after):
        found += [letter.id for letter in page]
        after = Place(page[-1].created_at, page[-1].id)
    assert len(found) == 5
    assert set(found) == set(ids)


async def test_filters_choose(services: Services) -> None:
    broken = await given_up(services, gone("Bad.", "definition_error"), reason="permanent")
    await given_up(services)
    (letter,) = await listed(services, code="definition_error")
    assert letter.id == broken
    assert await listed(services, reason="permanent") == [letter]
    assert await listed(services, fingerprint=letter.fingerprint) == [letter]
    assert await listed(services, fingerprint="0" * 32) == []


async def test_one_cause_is_one_incident(services: Services) -> None:
    for minute in range(3):
        await given_up(services, gone(f"Node {minute} of 40 is gone."), minute=minute)
    await given_up(services, gone("Out of licences."), minute=9)
    newest, oldest = await list_incidents(services, OPERATOR, APP, LetterFilter())
    assert (newest.letters, newest.waiting) == (1, 1)
    assert (oldest.letters, oldest.code) == (3, "engine_error")
    assert (oldest.first_seen_at, oldest.last_seen_at) == (START, START + timedelta(minutes=2))
    after = Place(newest.last_seen_at, UUID(hex=newest.fingerprint))
    assert await list_incidents(services, OPERATOR, APP, LetterFilter(after=after)) == [oldest]


async def test_a_letter_shows_the_inputs_of_its_job(services: Services) -> None:
    letter, job = await get_dead_letter(services, OPERATOR, APP, await given_up(services))
    assert job is not None
    assert (job.ref, job.inputs, job.tenant_id) == (REF, {"value": 32}, TENANT)
    assert letter.error == gone()
    with pytest.raises(NotFoundError):
        await get_dead_letter(services, OPERATOR, APP, uuid4())


async def test_only_operators_of_the_app_see_any(services: Services) -> None:
    letter_id = await given_up(services)
    for caller in (
        Caller(TENANT, frozenset({APP})),
        Caller(TENANT, frozenset({"daylight"}), is_operator=True),
    ):
        with pytest.raises(ForbiddenError):
            await list_dead_letters(services, caller, APP, LetterFilter())
        with pytest.raises(ForbiddenError):
            await replay_dead_letter(services, caller, TRACE, (APP, letter_id), None)


async def test_a_replay_is_a_job_of_the_same_tenant(services: Services) -> None:
    letter_id = await given_up(services)
    job = await replayed(services, letter_id)
    assert (job.tenant_id, job.ref, job.inputs) == (TENANT, REF, {"value": 32})
    letter, _ = await get_dead_letter(services, OPERATOR, APP, letter_id)
    assert letter.replayed_as == job.job_id
    assert letter.job_id != job.job_id
    assert await events(services, letter.job_id) == ["job_submitted", "job_replayed"]
    assert await events(services, job.job_id) == ["job_submitted", "replay_submitted"]


async def test_a_second_replay_names_the_job_of_the_first(services: Services) -> None:
    letter_id = await given_up(services)
    job = await replayed(services, letter_id)
    with pytest.raises(InvalidStateError, match=str(job.job_id)):
        await replayed(services, letter_id)


async def test_of_two_replays_at_once_one_gets_through(services: Services) -> None:
    letter_id = await given_up(services)
    outcomes = await asyncio.gather(
        *(replayed(services, letter_id) for _ in range(4)), return_exceptions=True
    )
    (job,) = [outcome for outcome in outcomes if isinstance(outcome, NewJob)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, InvalidStateError)]
    assert [str(job.job_id) in error.detail for error in refused] == [True] * 3
    async with platform(services) as connection:
        cursor = await connection.execute("SELECT count(*) AS n FROM job")
        assert await cursor.fetchone() == {"n": 2}


async def test_corrected_inputs_are_checked_and_used(services: Services) -> None:
    letter_id = await given_up(services)
    with pytest.raises(InputsRejectedError) as caught:
        await replayed(services, letter_id, {"value": 5000})
    assert [fault.pointer for fault in caught.value.errors] == ["/inputs/value"]
    assert (await replayed(services, letter_id, {"value": 7})).inputs == {"value": 7}


async def test_all_of_an_incident_are_replayed_page_by_page(services: Services) -> None:
    ids = [await given_up(services, minute=n) for n in range(3)]
    other = await given_up(services, gone("Another cause."))
    (letter,) = [one for one in await listed(services) if one.id == ids[0]]
    async with platform(services) as connection:
        await connection.execute("UPDATE job SET version = '9.9.9' WHERE id = %s", (letter.job_id,))
    page = ReplayPage(APP, letter.fingerprint, 2, None)
    first = await replay_incident(services, OPERATOR, TRACE, page)
    assert [outcome.place.id for outcome in first] == ids[:2]
    assert first[0].error is not None
    assert first[0].error.code == "definition_not_found"
    assert first[1].job_id is not None
    rest = await replay_incident(services, OPERATOR, TRACE, replace(page, after=first[-1].place))
    assert [outcome.place.id for outcome in rest] == ids[2:]
    waiting = [one.id for one in await listed(services) if one.replayed_as is None]
    assert set(waiting) == {ids[0], other}


def dead(body: bytes, place: str = "1") -> DeadMessage:
    return DeadMessage(APP, place, body, "MaxDeliveryCountExceeded", "Delivered 5 times.", 5)


async def test_an_unreadable_message_becomes_a_letter_of_no_tenant(services: Services) -> None:
    body = b'{"job_id": \x00\xff' + b"x" * 100_000
    await drain_dead_message(services, dead(body))
    await drain_dead_message(services, dead(body))
    (letter,) = await listed(services)
    assert (letter.tenant_id, letter.job_id, letter.attempts) == (None, None, 5)
    assert (letter.reason, letter.error["code"]) == (
        "MaxDeliveryCountExceeded",
        "unreadable_message",
    )
    assert letter.message is not None
    assert letter.message.startswith('{"job_id": \ufffd\ufffdx')
    assert len(letter.message.encode()) <= 65_536
    with pytest.raises(InvalidStateError):
        await replayed(services, letter.id)
    async with services.database.tenant(TENANT, [APP]) as connection:
        cursor = await connection.execute("SELECT count(*) AS n FROM dead_letter")
        assert await cursor.fetchone() == {"n": 0}


async def test_a_doorbell_of_no_known_job_becomes_a_letter(services: Services) -> None:
    message = await submitted(services.database)
    forged = message.model_copy(update={"tenant_id": OTHER_TENANT})
    await drain_dead_message(services, dead(forged.model_dump_json().encode()))
    (letter,) = await listed(services)
    assert (letter.tenant_id, letter.job_id) == (None, message.job_id)
    assert letter.error["code"] == "unknown_job"


async def test_a_doorbell_of_a_waiting_job_is_rung_again_not_recorded(services: Services) -> None:
    message = await submitted(services.database)
    with pytest.raises(FaultError, match="queue"):  # it tries to ring; the broker is away here
        await drain_dead_message(services, dead(message.model_dump_json().encode()))
    assert await listed(services) == []


async def test_a_doorbell_of_a_finished_job_is_dropped(services: Services) -> None:
    letter_id = await given_up(services)
    _, job = await get_dead_letter(services, OPERATOR, APP, letter_id)
    assert job is not None
    finished = (await listed(services))[0].job_id
    message = (await submitted(services.database)).model_copy(update={"job_id": finished})
    await drain_dead_message(services, dead(message.model_dump_json().encode()))
    assert [letter.id for letter in await listed(services)] == [letter_id]
