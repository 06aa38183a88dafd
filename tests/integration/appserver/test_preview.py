"""The preview lane: fresh in time, remembered, near, or a hint; never a queue."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.wire.preview import HINT_HEADER, PreviewAnswer
from tests.builders.nodes import FakeNode, running_node
from tests.integration.appserver.asking import DEBUG, GRANT_KEY, A, B, addressed, change
from tests.integration.appserver.pools import until

PREVIEW = "/preview/sitefit:1.1.0"


@pytest.fixture
async def node() -> AsyncIterator[FakeNode]:
    async with running_node(FakeNode()) as node:
        yield node


@pytest.fixture
def lane(serve: Callable[..., Any], node: FakeNode, own_contracts: Path) -> Callable[..., Any]:
    """Start an AppServer with this timebox."""

    async def start(timebox_ms: int, **policy: Any) -> httpx.AsyncClient:
        preview = {"timebox_ms": timebox_ms, "steps": {"$.value": 5}}
        rates = {"preview_rps": 1000, "batch_jobs_per_min": 1000}
        members = {"preview": preview, "rate_limits": rates, **policy}
        change(own_contracts / "sitefit" / "policy.json", **members)
        return await serve(
            COMPUTE_URL=node.url,
            COMPUTE_CHILDREN="8",
            CONTRACTS_DIR=str(own_contracts),
            APPSERVER_GRANT_KEY=GRANT_KEY,
            SEAT_WAIT_S="600",
        )

    return start


async def ask(client: httpx.AsyncClient, value: float, tenant: Any = A) -> PreviewAnswer:
    response = await client.post(PREVIEW, **addressed({"value": value}, tenant))
    assert response.status_code == 200, response.text
    return PreviewAnswer.model_validate_json(response.content)


async def test_neighbours_of_one_step_share_a_result(
    lane: Callable[..., Any], node: FakeNode
) -> None:
    client = await lane(20_000)
    fresh = await ask(client, 11)
    cached = await ask(client, 9)
    assert (fresh.quality, fresh.inputs, fresh.outputs) == ("fresh", {"value": 10}, {"result": 20})
    assert (cached.quality, cached.inputs, cached.outputs) == (
        "cached",
        {"value": 10},
        {"result": 20},
    )
    assert (await ask(client, 12.5, B)).quality == "fresh"  # never another tenant's
    assert len(node.solves) == 2


async def test_a_snapped_position_that_the_contract_refuses_is_not_used(
    lane: Callable[..., Any],
) -> None:
    client = await lane(20_000, preview={"timebox_ms": 20_000, "steps": {"$.value": 700}})
    assert (await ask(client, 999)).inputs == {"value": 700}
    # 1000 is nearer to 700 than to 1400, which is over the schema's maximum; 1050 is no multiple.
    edge = await lane(20_000, preview={"timebox_ms": 20_000, "steps": {"$.value": 600}})
    assert (await ask(edge, 950)).inputs == {"value": 950}


async def test_beyond_the_timebox_there_is_a_near_answer_or_a_hint_and_the_solve_is_ended(
    lane: Callable[..., Any], node: FakeNode
) -> None:
    client = await lane(300)
    node.gate.clear()
    late = await client.post(PREVIEW, **addressed({"value": 100}))
    assert (late.status_code, late.content) == (204, b"")
    assert late.headers[HINT_HEADER]
    await node.left.wait()
    node.gate.set()
    await until_solved(client, 110)
    node.gate.clear()
    approx = await ask(client, 130)
    assert (approx.quality, approx.inputs) == ("approx", {"value": 110})
    assert approx.outputs == {"result": 120}
    other = await client.post(PREVIEW, **addressed({"value": 130}, B))
    assert other.status_code == 204


async def until_solved(client: httpx.AsyncClient, value: float) -> None:
    """A job's solve: previews profit from it. The node needs a canary after what was given up."""
    while (await client.post(DEBUG, **addressed({"value": value}))).status_code != 200:
        pass


async def test_a_preview_does_not_wait_for_a_seat_and_takes_none_of_the_jobs(
    lane: Callable[..., Any], node: FakeNode
) -> None:
    client = await lane(20_000, preview_seats=1)
    node.gate.clear()
    first = asyncio.create_task(client.post(PREVIEW, **addressed({"value": 5})))
    await node.asked.wait()
    refused = await client.post(PREVIEW, **addressed({"value": 50}))
    assert (refused.status_code, refused.json()["code"]) == (429, "seats_exhausted")
    assert int(refused.headers["retry-after"]) >= 1
    job = asyncio.create_task(client.post(DEBUG, **addressed({"value": 51})))
    await until(lambda: node.solving == 2)
    node.gate.set()
    assert [one.status_code for one in await asyncio.gather(first, job)] == [200, 200]


async def test_who_leaves_ends_the_preview_at_the_node(
    lane: Callable[..., Any], node: FakeNode
) -> None:
    client = await lane(20_000)
    node.gate.clear()
    asking = asyncio.create_task(client.post(PREVIEW, **addressed({"value": 5})))
    await node.asked.wait()
    asking.cancel()
    async with asyncio.timeout(10):  # long before the timebox is over
        await node.left.wait()


async def test_an_apps_own_timebox_is_600_ms_unless_its_policy_says_otherwise(
    lane: Callable[..., Any], node: FakeNode
) -> None:
    client = await lane(1, preview={})
    assert (await ask(client, 1)).timebox_ms == 600
    wrong = await client.post(PREVIEW, **addressed({"value": "much"}))
    assert (wrong.status_code, wrong.json()["code"]) == (400, "schema_violation")
    assert len(node.solves) == 1
