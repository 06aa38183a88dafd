"""An erased job leaves a proof and nothing else, wherever the erasing was interrupted."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.wire.submission import Submission
from functions.domain.artifact import Artifact
from functions.domain.caller import Caller, Trace
from functions.domain.errors import FaultError, InvalidStateError, NotFoundError
from functions.domain.idempotency import IdempotencyKey
from functions.domain.submitted import Terms
from functions.services import Services
from functions.store.artifacts import list_expired
from functions.store.runs import is_known, succeed
from functions.store.submissions import find_equal
from functions.use_cases.erase_job import erase_job
from functions.use_cases.get_job import get_job
from functions.use_cases.submit_job import submit_job
from tests.builders.jobs import APP, OTHER_TENANT, TENANT, claimed, submitted

CALLER = Caller(TENANT, frozenset({APP}))
FOREIGNER = Caller(OTHER_TENANT, frozenset({APP}))
TRACE = Trace("erased-by", "00-" + "1" * 32 + "-" + "2" * 16 + "-01")
REMAINS = """
SELECT (SELECT count(*) FROM job) AS job, (SELECT count(*) FROM job_event) AS job_event,
       (SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM result) AS result,
       (SELECT count(*) FROM idempotency_key) AS idempotency_key,
       (SELECT count(*) FROM erasure WHERE correlation_id = 'erased-by') AS erasure
"""


async def remains(services: Services) -> dict[str, int]:
    async with services.database.platform([APP]) as connection:
        row = await (await connection.execute(REMAINS)).fetchone()
    assert row is not None
    return {name: count for name, count in row.items() if count}


async def test_a_queued_job_is_erased_with_its_key_and_leaves_a_proof(services: Services) -> None:
    terms = Terms(IdempotencyKey("jobs/run", "k", "f"))
    submission = Submission(APP, None, "1.1.0", {"value": 1})
    await submit_job(services, CALLER, TRACE, submission, terms)
    message = await submitted(services.database)
    async with services.database.tenant(TENANT, [APP]) as connection:
        await connection.execute("DELETE FROM job WHERE id = %s", (message.job_id,))
        cursor = await connection.execute("SELECT id FROM job")
        row = await cursor.fetchone()
    assert row is not None
    await erase_job(services, CALLER, TRACE, row["id"], APP)
    assert await remains(services) == {"erasure": 1}
    await erase_job(services, CALLER, TRACE, row["id"], APP)
    assert await remains(services) == {"erasure": 1}
    # A doorbell that is still on its way is no poison.
    erased = message.model_copy(update={"job_id": row["id"]})
    async with services.database.platform([APP]) as connection:
        assert await is_known(connection, erased)


async def test_nobody_erases_another_tenants_job(services: Services) -> None:
    message = await submitted(services.database)
    for caller, app_id in ((FOREIGNER, APP), (Caller(TENANT, frozenset()), APP), (CALLER, "other")):
        with pytest.raises(NotFoundError):
            await erase_job(services, caller, TRACE, message.job_id, app_id)
    with pytest.raises(NotFoundError):
        await erase_job(services, CALLER, TRACE, uuid4(), APP)
    assert (await remains(services))["job"] == 1


async def test_a_running_job_is_not_erased(services: Services) -> None:
    message = await submitted(services.database)
    assert await claimed(services.database) is not None
    with pytest.raises(InvalidStateError):
        await erase_job(services, CALLER, TRACE, message.job_id, APP)
    assert (await get_job(services, CALLER, message.job_id, APP)).status == "running"


async def test_files_are_withdrawn_before_they_are_deleted(services: Services) -> None:
    """The artifact store is away: the rows stay as the trace, nobody is led to the files."""
    message = await submitted(services.database)
    now = services.clock.now()
    run = await claimed(services.database)
    assert run is not None
    file = Artifact("plan", "plan.svg", "image/svg+xml", "p", 1, "d", now + timedelta(days=1))
    async with services.database.tenant(TENANT, [APP]) as connection:
        assert await succeed(connection, run, {"artifacts": [{}]}, None, [file], now)
    with pytest.raises(FaultError):
        await erase_job(services, CALLER, TRACE, message.job_id, APP)
    assert (await get_job(services, CALLER, message.job_id, APP)).has_result
    now = services.clock.now()
    async with services.database.platform([APP]) as connection:
        assert [one.blob_path for one in await list_expired(connection, [APP], now, 9)] == ["p"]
    async with services.database.tenant(TENANT, [APP]) as connection:
        start = now - timedelta(days=1)
        hashes = ["0" * 64]
        equal = await find_equal(connection, TENANT, APP, hashes, fresh_after=start, now=now)
    assert equal == {}
