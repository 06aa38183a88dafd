"""What a study is refused for, what its end stores, and what erasing it leaves."""

from typing import Any

import httpx
import pytest

from contracts.model import JsonObject
from functions.clients.artifact_store import ArtifactStore
from functions.domain.errors import (
    FaultError,
    InputsRejectedError,
    InvalidStateError,
    NotFoundError,
    RejectedError,
)
from functions.domain.idempotency import IdempotencyKey
from functions.domain.submitted import Terms
from functions.use_cases.erase_study import erase_study
from functions.use_cases.get_study_results import export_study_results
from functions.use_cases.list_studies import list_studies
from functions.use_cases.retry_study import retry_study
from functions.use_cases.store_study_results import store_study_results
from tests.builders.jobs import APP
from tests.integration.studies.conftest import CALLER, FOREIGNER, Lab, a_space

FILES = ["picture.png", "picture.svg", "results.csv", "results.json"]
REMAINS = """
SELECT (SELECT count(*) FROM study), (SELECT count(*) FROM study_point),
       (SELECT count(*) FROM artifact), (SELECT count(*) FROM idempotency_key)
"""


def nowhere() -> ArtifactStore:
    return ArtifactStore(None, None, "artifacts")


async def test_more_seat_seconds_than_the_app_allows_are_refused(lab: Lab) -> None:
    unmeasured = await lab.create(a_space(1))
    assert (await lab.shown(unmeasured))["estimate_seat_s"] is None
    await lab.follow(unmeasured)
    lab.query("UPDATE job SET started_at = ended_at - interval '4 s'")
    lab.limit(max_seat_seconds=10)
    allowed = await lab.create(a_space(1, 2))
    assert (await lab.shown(allowed))["estimate_seat_s"] == 8
    with pytest.raises(InputsRejectedError) as refusal:
        await lab.create(a_space(1, 2, 3))
    assert refusal.value.code == "domain_violation"
    (fault,) = refusal.value.errors
    assert (fault.pointer, fault.code) == ("/space", "study_cap")
    assert "3 runs of 4 s would take 12 seat-seconds; the app allows 10" in fault.message
    assert len(lab.query("SELECT id FROM study")) == 2


async def test_no_more_studies_run_at_once_than_the_app_allows(lab: Lab) -> None:
    lab.limit(max_active=2)
    keys = [await lab.create(a_space(value)) for value in (1, 2)]
    with pytest.raises(RejectedError) as refusal:
        await lab.create(a_space(3))
    assert (refusal.value.code, refusal.value.retry_after_s) == ("quota_exceeded", 30)
    await lab.follow(keys[0])
    await lab.create(a_space(3))


async def test_each_point_that_breaks_the_contract_is_named(lab: Lab) -> None:
    space: JsonObject = {
        "type": "grid",
        "parameters": [{"path": "$.value", "values": [1, 1001, -2]}],
    }
    with pytest.raises(InputsRejectedError) as refusal:
        await lab.create(space)
    found = [(fault.pointer, fault.message[:24]) for fault in refusal.value.errors]
    assert found == [
        ("/space/parameters/0", "Point 2 (value = 1001): "),
        ("/space/parameters/0", "Point 3 (value = -2): Mu"),
    ]
    assert lab.query("SELECT count(*) FROM study") == [(0,)]


async def test_files_are_stored_once_with_links_that_work(lab: Lab) -> None:
    key = await lab.create(a_space(3, 1, 2))
    await lab.follow(key)
    stored = lab.query("SELECT file_name, digest, created_at FROM artifact ORDER BY 1")
    assert [name for name, *_ in stored] == FILES
    files = (await lab.shown(key))["artifacts"]
    async with httpx.AsyncClient() as client:
        answers = [await client.get(file["href"]) for file in files]
    assert [len(answer.content) for answer in answers] == [file["size_bytes"] for file in files]
    table = answers[FILES.index("results.csv")].text
    assert table == await export_study_results(lab.services, CALLER, key.study_id, APP)
    assert (await store_study_results(lab.services, key)).is_over
    assert lab.query("SELECT file_name, digest, created_at FROM artifact ORDER BY 1") == stored


async def test_an_end_waits_for_the_artifact_store(lab: Lab) -> None:
    key = await lab.create(a_space(1))
    services = lab.services
    here, services.__dict__["artifact_store"] = services.artifact_store, nowhere()
    lab.clock.work = lab.solve
    for _ in range(3):
        await lab.clock.sleep(1)
        await lab.look(key)
        await lab.solve()
    assert (await lab.look(key)).is_settled
    step = await store_study_results(services, key)
    assert (step.is_over, step.wait_s) == (False, 5.0)
    assert (await lab.shown(key))["status"] == "running"
    services.__dict__["artifact_store"] = here
    await lab.follow(key)
    assert (await lab.shown(key))["status"] == "completed"


async def test_a_retry_replaces_the_files(lab: Lab) -> None:
    lab.broken = {2}
    key = await lab.create(a_space(1, 2))
    await lab.follow(key)
    before = lab.query("SELECT digest FROM artifact WHERE file_name = 'results.csv'")
    lab.broken = set()
    await retry_study(lab.services, CALLER, key.study_id, APP)
    await lab.follow(key)
    after = lab.query("SELECT digest FROM artifact WHERE file_name = 'results.csv'")
    assert len(after) == 1
    assert after != before
    with pytest.raises(InvalidStateError, match="No point"):
        await retry_study(lab.services, CALLER, key.study_id, APP)


async def test_a_text_that_looks_like_a_formula_is_none_in_the_table(lab: Lab) -> None:
    lab.broken = {1}
    key = await lab.create(a_space(1))
    await lab.follow(key)
    lab.query('UPDATE study_point SET error = \'{"code": "=cmd()"}\'')
    text = await export_study_results(lab.services, CALLER, key.study_id, APP)
    assert text.splitlines()[1].endswith(",'=cmd()")


async def test_an_ended_study_is_erased_with_its_key(lab: Lab) -> None:
    terms = Terms(IdempotencyKey("studies", "k", "f"))
    key = await lab.create(a_space(1, 2), terms=terms)
    with pytest.raises(InvalidStateError):
        await erase_study(lab.services, CALLER, key.study_id, APP)
    await lab.follow(key)
    with pytest.raises(NotFoundError):
        await erase_study(lab.services, FOREIGNER, key.study_id, APP)
    assert lab.query(REMAINS) == [(1, 2, 4, 1)]
    await erase_study(lab.services, CALLER, key.study_id, APP)
    assert lab.query(REMAINS) == [(0, 0, 0, 0)]
    assert lab.query("SELECT count(*) FROM job") == [(2,)]
    with pytest.raises(NotFoundError):
        await erase_study(lab.services, CALLER, key.study_id, APP)


async def test_erasing_is_finished_by_the_next_call(lab: Lab) -> None:
    """The artifact store is away: nobody is led to the files, and the study is still there."""
    key = await lab.create(a_space(1))
    await lab.follow(key)
    services = lab.services
    here, services.__dict__["artifact_store"] = services.artifact_store, nowhere()
    with pytest.raises(FaultError):
        await erase_study(services, CALLER, key.study_id, APP)
    services.__dict__["artifact_store"] = here
    assert (await lab.shown(key))["artifacts"] == []
    await erase_study(services, CALLER, key.study_id, APP)
    assert lab.query(REMAINS) == [(0, 0, 0, 0)]


async def test_studies_are_listed_newest_first_and_page_by_page(lab: Lab) -> None:
    keys = []
    for value in (1, 2, 3):
        keys.append(await lab.create(a_space(value)))
        await lab.clock.sleep(1)

    async def page(cursor: Any) -> tuple[list[str], Any]:
        shown, last = await list_studies(lab.services, CALLER, APP, 2, cursor)
        return [str(study["study_id"]) for study in shown], last

    first, last = await page(None)
    second, end = await page(last)
    assert first + second == [str(key.study_id) for key in reversed(keys)]
    assert end is None
