"""Nothing of one tenant reaches another: not through the engine, not through the memo."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.integration.appserver.asking import DEBUG, GRANT_KEY, A, B, addressed, granted

KEY = "a-key-for-tests"
SITEFIT = "/gh/sitefit:1.0.0/solve"


def results(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()["outputs"]["results"]


async def test_no_value_of_one_tenant_reaches_another_through_an_engine_that_remembers(
    serve: Callable[..., Any], sticky_engine_url: str, minimal: dict[str, Any]
) -> None:
    client = await serve(
        COMPUTE_URL=sticky_engine_url,
        COMPUTE_API_KEY=KEY,
        APPSERVER_GRANT_KEY=GRANT_KEY,
        MEMO_MAX_BYTES="0",
    )
    own = minimal | {"rotation": {"min": 0, "max": 0}, "grid_step": 1, "seed": 7}
    before = await client.post(SITEFIT, **addressed(minimal, B))
    first = await client.post(SITEFIT, **addressed(own, A))
    other = await client.post(SITEFIT, **addressed(minimal, B))
    again = await client.post(SITEFIT, **addressed(own, A))
    assert results(other) == results(before)
    best = results(other)[0]
    assert best["transform"]["rotation"]["value"] == pytest.approx(90)  # not A's 0
    assert best["transform"]["translation"]["y"] == pytest.approx(11)
    assert other.json()["outputs"]["metadata"]["seed"] == 1
    assert {one["transform"]["rotation"]["value"] for one in results(first)} == {0}
    assert results(again) == results(first)
    assert [one.headers["x-kuduso-memo"] for one in (before, first, other, again)] == ["miss"] * 4


@pytest.fixture
async def remembering(serve: Callable[..., Any], engine_url: str) -> httpx.AsyncClient:
    return await serve(COMPUTE_URL=engine_url, COMPUTE_API_KEY=KEY, APPSERVER_GRANT_KEY=GRANT_KEY)


async def memo_of(client: httpx.AsyncClient) -> Any:
    return (await client.get("/health/memo")).json()


async def test_an_answer_is_remembered_for_its_own_tenant(remembering: httpx.AsyncClient) -> None:
    asked = ((A, 1), (A, 1), (B, 1), (A, 2), (A, 1))
    answers = [
        await remembering.post(DEBUG, **addressed({"value": value}, tenant))
        for tenant, value in asked
    ]
    seen = [answer.headers["x-kuduso-memo"] for answer in answers]
    assert seen == ["miss", "hit", "miss", "miss", "hit"]
    assert answers[0].content == answers[1].content
    hashes = {answer.json()["provenance"]["inputs_hash"] for answer in answers}
    assert len(hashes) == 3
    shown = await memo_of(remembering)
    assert shown["entries"] == 3
    assert shown["apps"]["sitefit"]["hit_rate"] == pytest.approx(2 / 5)
    assert 0 < shown["size_bytes"] == shown["apps"]["sitefit"]["size_bytes"] < shown["max_bytes"]


async def test_a_setting_bounds_how_long_an_answer_is_remembered(
    serve: Callable[..., Any], engine_url: str
) -> None:
    settings = {"COMPUTE_API_KEY": KEY, "APPSERVER_GRANT_KEY": GRANT_KEY, "MEMO_TTL_S": "0"}
    client = await serve(COMPUTE_URL=engine_url, **settings)
    asked = [await client.post(DEBUG, **addressed({"value": 5}, A)) for _ in range(2)]
    assert [answer.headers["x-kuduso-memo"] for answer in asked] == ["miss"] * 2
    assert (await memo_of(client))["entries"] == 0


async def test_a_purge_forgets_one_tenants_answers(remembering: httpx.AsyncClient) -> None:
    for tenant in (A, B):
        await remembering.post(DEBUG, **addressed({"value": 5}, tenant))
    path = f"/memo/sitefit/{A}"
    assert (await remembering.delete(path)).status_code == 403
    assert (await remembering.delete(path, headers=granted(B))).status_code == 403
    purged = await remembering.delete(path, headers=granted(A))
    assert purged.json() == {"purged": 1}
    asked = [await remembering.post(DEBUG, **addressed({"value": 5}, one)) for one in (A, B)]
    assert [answer.headers["x-kuduso-memo"] for answer in asked] == ["miss", "hit"]
    assert (await memo_of(remembering))["apps"]["sitefit"]["purged"] == 1
