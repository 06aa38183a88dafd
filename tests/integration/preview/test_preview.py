"""`POST /{app_id}/preview`: what it answers, and that its seat is free afterwards."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import azure.functions as func
import pytest

from contracts.model import JsonObject
from functions.domain.rate import Quota
from functions.store.rate_limits import Spending
from functions.use_cases.spend_rate import spend_rate
from tests.builders.jobs import APP, OTHER_TENANT, TENANT
from tests.integration.access.conftest import FunctionApp, Issuer, function_app, token_issuer
from tests.integration.preview.lane import ANSWER, Lane, running_lane

__all__ = ["function_app", "token_issuer"]

BODY = {"version": "1.1.0", "inputs": {"value": 1}}


@pytest.fixture
async def lane(function_app: FunctionApp, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Lane]:
    async with running_lane() as running:
        monkeypatch.setenv("APPSERVER_URL", running.url)
        yield running
        await function_app.services.appserver_preview.close()


@pytest.fixture
def owner(token_issuer: Issuer) -> str:
    return token_issuer.token(tenant_id=str(TENANT), apps=[APP])


@pytest.fixture
def neighbour(token_issuer: Issuer) -> str:
    return token_issuer.token(tenant_id=str(OTHER_TENANT), apps=[APP])


async def ask(app: FunctionApp, token: str, body: Any = BODY) -> func.HttpResponse:
    return await app.call("preview", token, params={"app_id": APP}, body=body)


def problem(answer: func.HttpResponse) -> JsonObject:
    return json.loads(answer.get_body())


async def seats(app: FunctionApp) -> int:
    async with app.services.database.platform([APP]) as connection:
        cursor = await connection.execute("SELECT count(*) AS n FROM seat")
        row = await cursor.fetchone()
    assert row is not None
    return row["n"]


async def test_a_preview_is_answered_at_once(
    function_app: FunctionApp, lane: Lane, owner: str
) -> None:
    answer = await ask(function_app, owner)
    assert (answer.status_code, json.loads(answer.get_body())) == (200, ANSWER)
    assert answer.headers["ratelimit-policy"] == '"previews";q=5;w=1'
    path, headers, body = lane.requests[0]
    assert path == "/preview/sitefit:1.1.0"
    assert body == {"app_id": APP, "tenant_id": str(TENANT), "inputs": {"value": 1}}
    assert headers["x-correlation-id"] == answer.headers["x-correlation-id"]
    assert await seats(function_app) == 0


async def test_nothing_within_the_timebox_is_a_hint(
    function_app: FunctionApp, lane: Lane, owner: str
) -> None:
    lane.will_answer(204, x_kuduso_hint="Submit a job.")
    answer = await ask(function_app, owner)
    assert (answer.status_code, answer.get_body()) == (204, b"")
    assert answer.headers["x-kuduso-hint"] == "Submit a job."
    assert await seats(function_app) == 0


@pytest.mark.parametrize(
    ("reply", "answered"),
    [
        ((422, {"code": "definition_error", "detail": "No."}), (422, "definition_error")),
        ((429, {"code": "seats_exhausted", "detail": "None."}), (429, "seats_exhausted")),
        ((503, {"code": "plugin_mismatch", "detail": "Lacks it."}), (503, "plugin_mismatch")),
        ((502, "<html>"), (503, "engine_unreachable")),
        ((200, {"unexpected": True}), (500, "internal")),
    ],
)
async def test_a_failure_keeps_its_code_and_frees_the_seat(
    function_app: FunctionApp,
    lane: Lane,
    owner: str,
    reply: tuple[int, Any],
    answered: tuple[int, str],
) -> None:
    lane.will_answer(*reply, retry_after="7")
    answer = await ask(function_app, owner)
    assert (answer.status_code, problem(answer)["code"]) == answered
    assert await seats(function_app) == 0


async def test_a_lane_that_does_not_answer_is_left(
    function_app: FunctionApp, lane: Lane, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.domain.preview.CALL_MARGIN_S", -0.55)
    lane.gate.clear()
    answer = await ask(function_app, owner)
    assert (answer.status_code, problem(answer)["code"]) == (504, "solve_timeout")
    assert await seats(function_app) == 0


async def test_no_seat_is_told_at_once_and_the_refused_comes_next(
    function_app: FunctionApp, lane: Lane, owner: str, neighbour: str
) -> None:
    lane.gate.clear()
    first = asyncio.create_task(ask(function_app, owner))
    await lane.asked.wait()
    refused = await ask(function_app, neighbour)
    assert (refused.status_code, problem(refused)["code"]) == (429, "seats_exhausted")
    assert refused.headers["retry-after"] == "1"
    assert "ratelimit" in refused.headers
    lane.gate.set()
    assert (await first).status_code == 200
    assert (await ask(function_app, owner)).status_code == 429
    assert (await ask(function_app, neighbour)).status_code == 200


async def test_who_goes_away_leaves_no_seat_behind(
    function_app: FunctionApp, lane: Lane, owner: str
) -> None:
    lane.gate.clear()
    call = asyncio.create_task(ask(function_app, owner))
    await lane.asked.wait()
    assert await seats(function_app) == 1
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await seats(function_app) == 0


async def test_too_many_previews_are_refused_before_a_seat_is_taken(
    function_app: FunctionApp, lane: Lane, owner: str
) -> None:
    lane.gate.clear()
    quota = Quota("previews", 5, 600)
    await spend_rate(function_app.services.database, Spending(TENANT, APP, "preview", quota, 5))
    answer = await ask(function_app, owner)
    assert (answer.status_code, problem(answer)["code"]) == (429, "rate_limited")
    assert int(answer.headers["retry-after"]) > 500
    assert lane.requests == []


async def test_wrong_inputs_take_no_seat(function_app: FunctionApp, lane: Lane, owner: str) -> None:
    answer = await ask(function_app, owner, BODY | {"inputs": {"value": "x"}})
    assert (answer.status_code, problem(answer)["code"]) == (400, "schema_violation")
    answer = await ask(function_app, owner, BODY | {"labels": {"a": "b"}})
    assert (answer.status_code, problem(answer)["code"]) == (400, "schema_violation")
    assert lane.requests == []


async def test_nothing_of_the_inputs_is_logged(
    function_app: FunctionApp, lane: Lane, owner: str, caplog: pytest.LogCaptureFixture
) -> None:
    lane.will_answer(200, ANSWER | {"outputs": {"result": 987654.25}})
    answer = await ask(function_app, owner, BODY | {"inputs": {"value": 123.125}})
    assert answer.status_code == 200
    assert '"quality": "fresh"' in caplog.text
    assert "123.125" not in caplog.text
    assert "987654.25" not in caplog.text
