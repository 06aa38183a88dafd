"""Who is let in, how much at once, how often; the engine is not asked before."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.wire.grant import GRANT_HEADER
from tests.builders.nodes import FakeNode, running_node
from tests.integration.appserver.asking import (
    DEBUG,
    GRANT_KEY,
    A,
    B,
    addressed,
    change,
    granted,
)
from tests.integration.appserver.pools import until


@pytest.fixture
async def node() -> AsyncIterator[FakeNode]:
    async with running_node(FakeNode()) as node:
        yield node


@pytest.fixture
def admitting(serve: Callable[..., Any], node: FakeNode, own_contracts: Path) -> Callable[..., Any]:
    """Start an AppServer whose sitefit has these members in its policy."""

    async def start(environment: dict[str, str] | None = None, **policy: Any) -> httpx.AsyncClient:
        change(own_contracts / "sitefit" / "policy.json", **policy)
        defaults = {
            "COMPUTE_URL": node.url,
            "COMPUTE_CHILDREN": "8",
            "CONTRACTS_DIR": str(own_contracts),
            "APPSERVER_GRANT_KEY": GRANT_KEY,
            "ALLOW_BARE_INPUTS": "",
        }
        return await serve(**{**defaults, **(environment or {})})

    return start


@pytest.mark.parametrize(
    ("ask", "status", "code"),
    [
        (lambda: {"json": {"value": 1}}, 403, "forbidden"),
        (lambda: {"json": addressed({"value": 1})["json"]}, 403, "forbidden"),
        (lambda: addressed({"value": 1}) | {"headers": granted(B)}, 403, "forbidden"),
        (lambda: addressed({"value": 1}) | {"headers": granted(A, "layouts")}, 403, "forbidden"),
        (lambda: addressed({"value": 1}) | {"headers": granted(key="x" * 32)}, 403, "forbidden"),
        (lambda: addressed({"value": 1}) | {"headers": {GRANT_HEADER: "1.x"}}, 403, "forbidden"),
        (lambda: addressed({"value": 1}, app_id="nothing"), 404, "definition_not_found"),
        (lambda: addressed({"value": 1}), 200, None),
    ],
)
async def test_a_tenant_needs_the_function_apps_grant_for_the_app(
    admitting: Callable[..., Any],
    node: FakeNode,
    ask: Callable[[], dict[str, Any]],
    status: int,
    code: str,
) -> None:
    client = await admitting()
    response = await client.post(DEBUG, **ask())  # a grant lives for minutes: made when it is used
    assert (response.status_code, response.json().get("code")) == (status, code)
    assert len(node.solves) == (status == 200)


async def test_seats_are_per_app_and_a_refusal_says_when_to_come_back(
    admitting: Callable[..., Any], node: FakeNode
) -> None:
    client = await admitting({"SEAT_WAIT_S": "0.02"}, batch_seats=2)
    node.gate.clear()
    held = [
        asyncio.create_task(client.post(DEBUG, **addressed({"value": value}))) for value in (1, 2)
    ]
    await until(lambda: node.solving == 2)
    refused = await client.post(DEBUG, **addressed({"value": 3}, B))
    assert (refused.status_code, refused.json()["code"]) == (429, "seats_exhausted")
    assert refused.json()["status"] == 429
    assert int(refused.headers["retry-after"]) >= 1
    node.gate.set()
    assert [answer.status_code for answer in await asyncio.gather(*held)] == [200, 200]
    assert (await client.post(DEBUG, **addressed({"value": 3}, B))).status_code == 200
    assert node.most == 2


async def test_a_solve_waits_a_little_for_a_seat(
    admitting: Callable[..., Any], node: FakeNode
) -> None:
    client = await admitting({"SEAT_WAIT_S": "20"}, batch_seats=1)
    node.gate.clear()
    asking = [
        asyncio.create_task(client.post(DEBUG, **addressed({"value": value}))) for value in (1, 2)
    ]
    await node.asked.wait()
    node.gate.set()
    assert [answer.status_code for answer in await asyncio.gather(*asking)] == [200, 200]
    assert node.most == 1


async def test_each_tenant_has_a_rate_and_a_refusal_says_when_to_come_back(
    admitting: Callable[..., Any], node: FakeNode
) -> None:
    client = await admitting(rate_limits={"preview_rps": 5, "batch_jobs_per_min": 2})
    asked = [await client.post(DEBUG, **addressed({"value": value})) for value in range(3)]
    assert [answer.status_code for answer in asked] == [200, 200, 429]
    assert asked[2].json()["code"] == "rate_limited"
    assert 1 <= int(asked[2].headers["retry-after"]) <= 30
    assert (await client.post(DEBUG, **addressed({"value": 1}, B))).status_code == 200
    assert len(node.solves) == 3


async def test_equal_requests_at_one_time_share_one_solve(
    admitting: Callable[..., Any], node: FakeNode
) -> None:
    client = await admitting()
    node.gate.clear()
    asking = [asyncio.create_task(client.post(DEBUG, **addressed({"value": 1}))) for _ in range(5)]
    other = asyncio.create_task(client.post(DEBUG, **addressed({"value": 1}, B)))
    await until(lambda: node.solving == 2)
    asking[0].cancel()  # whoever asked first may leave
    await asyncio.wait(asking[:1])
    node.gate.set()
    answers = await asyncio.gather(*asking[1:], other)
    assert len({answer.content for answer in answers[:4]}) == 1
    assert len(node.solves) == 2


async def test_caps_of_the_manifest_are_checked_before_the_engine_is_asked(
    admitting: Callable[..., Any], node: FakeNode, minimal: dict[str, Any]
) -> None:
    node.inputs = {}
    client = await admitting(manifest_overrides={"sitefit@1.0.0": {"max_vertices": 6}})
    response = await client.post("/gh/sitefit:1.0.0/solve", **addressed(minimal))
    assert response.status_code == 422, response.text
    assert response.json()["code"] == "domain_violation"
    assert "max_vertices" in response.text
    assert node.solves == []
