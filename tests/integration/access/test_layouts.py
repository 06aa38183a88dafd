"""The layouts' own paths: what they take, and what they say of the same jobs."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import azure.functions as func
import pytest
import structlog

from contracts.model import JsonObject
from functions.domain.layout_resource import FIGURES
from functions.services import Services
from functions.store import runs
from functions.store.seats import Capacity, claim_next
from tests.builders.jobs import APP, LAYOUTS, LEASE, TENANT, submitted
from tests.integration.access.conftest import FunctionApp, Issuer
from tests.integration.access.test_access import EXPECTED

BODY: dict[str, Any] = EXPECTED["generate_layout"].body
OUTPUTS: JsonObject = {**dict.fromkeys(FIGURES, 7), "assets": [], "artifacts": []}
REFUSED: JsonObject = {
    "code": "domain_violation",
    "detail": "There is no layout.",
    "errors": [{"pointer": "/refusals/0", "code": "not_refused", "message": "too_steep: all"}],
}


@pytest.fixture
def token(token_issuer: Issuer) -> str:
    return token_issuer.token(tenant_id=str(TENANT), apps=[APP, LAYOUTS])


async def generated(
    app: FunctionApp, token: str, body: Any = BODY, **headers: str
) -> func.HttpResponse:
    return await app.call("generate_layout", token, body=body, headers=headers)


async def read(app: FunctionApp, token: str, name: str, layout_id: object) -> func.HttpResponse:
    return await app.call(name, token, params={"layout_id": layout_id})


def said(answer: func.HttpResponse) -> dict[str, Any]:
    return json.loads(answer.get_body())


async def ended(services: Services, error: JsonObject | None = None) -> None:
    """The only layout's job is claimed and ends as its worker would end it."""
    now = services.clock.now()
    async with services.database.platform([LAYOUTS]) as connection:
        run = await claim_next(
            connection, Capacity(LAYOUTS, 4, 5, {}), now=now, lease_expires_at=now + LEASE
        )
    assert run is not None
    async with services.database.tenant(TENANT, [LAYOUTS]) as connection:
        if error is None:
            assert await runs.succeed(connection, run, OUTPUTS, None, [], now)
        else:
            assert await runs.fail(connection, run, error, now)


async def test_a_layout_is_accepted_and_followed(function_app: FunctionApp, token: str) -> None:
    answer = await generated(function_app, token)
    state = said(answer)
    layout_id = state["layout_id"]
    assert (answer.status_code, state["status"]) == (202, "queued")
    assert answer.headers["location"] == f"/api/layouts/{layout_id}/status"
    assert answer.headers["retry-after"] == "2"
    monitor = await read(function_app, token, "get_layout_status", layout_id)
    assert (monitor.headers["retry-after"], said(monitor)) == ("2", state)
    early = await read(function_app, token, "get_layout", layout_id)
    assert (early.status_code, said(early)["code"]) == (409, "result_not_ready")
    await ended(function_app.services)
    monitor = await read(function_app, token, "get_layout_status", layout_id)
    assert "retry-after" not in monitor.headers
    assert said(monitor)["status"] == "completed"
    assert {name: said(monitor)[name] for name in FIGURES} == dict.fromkeys(FIGURES, 7)
    whole = await read(function_app, token, "get_layout", layout_id)
    assert said(whole) == {"layout_id": layout_id, "status": "completed", **OUTPUTS}
    again = await generated(function_app, token)
    assert (again.status_code, said(again)) == (200, said(monitor))


async def test_a_failed_layout_tells_why_on_every_path(
    function_app: FunctionApp, token: str
) -> None:
    layout_id = said(await generated(function_app, token))["layout_id"]
    await ended(function_app.services, REFUSED)
    state = said(await read(function_app, token, "get_layout_status", layout_id))
    assert state["status"] == "failed"
    assert state["error_message"] == "There is no layout. too_steep: all"
    problem = await read(function_app, token, "get_layout", layout_id)
    assert (problem.status_code, said(problem)["code"]) == (422, "domain_violation")


async def test_a_key_makes_one_layout(function_app: FunctionApp, token: str) -> None:
    key = {"idempotency-key": "k1", "cache-control": "no-cache"}
    first, second = [await generated(function_app, token, **key) for _ in range(2)]
    assert said(first) == said(second)
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    other = await generated(function_app, token, {**BODY, "setback_m": 11}, **key)
    assert (other.status_code, said(other)["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], ""),
        ({**BODY, "target_capacity_kw": -1}, "/target_capacity_kw"),
        ({"inputs": BODY}, "/inputs"),
    ],
)
async def test_faults_are_told_from_the_bodys_own_root(
    function_app: FunctionApp, token: str, body: Any, pointer: str
) -> None:
    answer = await generated(function_app, token, body)
    assert (answer.status_code, said(answer)["code"]) == (400, "schema_violation")
    assert pointer in [error["pointer"] for error in said(answer)["errors"]]


async def test_jobs_of_other_apps_are_no_layouts(function_app: FunctionApp, token: str) -> None:
    other = (await submitted(function_app.services.database)).job_id
    for layout_id in (other, uuid4(), "x"):
        for name in ("get_layout", "get_layout_status"):
            answer = await read(function_app, token, name, layout_id)
            assert answer.status_code == 404


async def test_a_layout_is_a_job_as_any_other(function_app: FunctionApp, token: str) -> None:
    layout_id = said(await generated(function_app, token))["layout_id"]
    job = await function_app.call("get_job", token, params={"app_id": LAYOUTS, "job_id": layout_id})
    assert (said(job)["definition"], said(job)["status"]) == ("layouts", "queued")


async def test_log_lines_name_the_job_and_its_app(function_app: FunctionApp, token: str) -> None:
    layout_id = said(await generated(function_app, token))["layout_id"]
    for name in ("get_layout", "get_layout_status"):
        structlog.contextvars.clear_contextvars()
        await read(function_app, token, name, layout_id)
        bound = structlog.contextvars.get_contextvars()
        assert (bound["app_id"], bound["job_id"]) == (LAYOUTS, layout_id)


@pytest.fixture
def synchronous(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENABLE_ASYNC_LAYOUT_GENERATION", "false")


async def waiting(app: FunctionApp, token: str) -> asyncio.Task[func.HttpResponse]:
    """A request whose job is written and whose answer is not there yet."""
    request = asyncio.create_task(generated(app, token))
    while not said(await app.call("list_jobs", token, params={"app_id": LAYOUTS}))["jobs"]:
        await asyncio.sleep(0)
    assert not request.done()
    return request


@pytest.mark.usefixtures("synchronous")
async def test_without_the_flag_the_answer_is_the_layout(
    function_app: FunctionApp, token: str
) -> None:
    request = await waiting(function_app, token)
    await ended(function_app.services)
    answer = await request
    assert answer.status_code == 200
    assert said(answer) == {"layout_id": said(answer)["layout_id"], "status": "completed"} | OUTPUTS
    assert UUID(said(answer)["layout_id"])


@pytest.mark.usefixtures("synchronous")
async def test_without_the_flag_a_refusal_is_the_answer(
    function_app: FunctionApp, token: str
) -> None:
    request = await waiting(function_app, token)
    await ended(function_app.services, REFUSED)
    answer = await request
    assert (answer.status_code, said(answer)["code"]) == (422, "domain_violation")
    assert said(answer)["errors"][0]["message"] == "too_steep: all"


@pytest.mark.usefixtures("synchronous")
async def test_a_layout_that_takes_too_long_goes_on(
    function_app: FunctionApp, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.use_cases.generate_layout.LONGEST_WAIT_S", 0)
    answer = await generated(function_app, token)
    assert (answer.status_code, said(answer)["status"]) == (202, "queued")


async def test_a_result_that_is_no_longer_kept_leaves_its_state(
    function_app: FunctionApp, token: str
) -> None:
    layout_id = said(await generated(function_app, token))["layout_id"]
    await ended(function_app.services)
    async with function_app.services.database.tenant(TENANT, [LAYOUTS]) as connection:
        await connection.execute("DELETE FROM result WHERE job_id = %s", (layout_id,))
    state = said(await read(function_app, token, "get_layout_status", layout_id))
    assert state["status"] == "completed"
    assert FIGURES[0] not in state
    gone = await read(function_app, token, "get_layout", layout_id)
    assert (gone.status_code, said(gone)["code"]) == (410, "result_expired")
