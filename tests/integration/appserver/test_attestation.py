"""What each node is able to solve: the registry, and refusals before an engine is asked."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.registry import Registry
from contracts.wire.problem import MEDIA_TYPE
from tests.builders.nodes import FakeNode, running_node
from tests.integration.appserver.pools import debug_contract, node_of, pool_of, solve, until

DEBUG = "/gh/sitefit:1.1.0/solve"
SITEFIT = "sitefit@1.1.0"
KEY = "a-key-for-tests"


@pytest.fixture
async def node() -> AsyncIterator[FakeNode]:
    async with running_node(FakeNode()) as node:
        yield node


@pytest.fixture
def debug_only(own_contracts: Path) -> Path:
    """Sitefit with its debug contract alone, which allows the other one no more."""
    policy = own_contracts / "sitefit" / "policy.json"
    allowed = {"allowed_definitions": [SITEFIT]}
    policy.write_text(json.dumps(json.loads(policy.read_bytes()) | allowed))
    return own_contracts


async def rows(client: httpx.AsyncClient) -> dict[str, Any]:
    apps = (await client.get("/health/registry")).json()["apps"]
    return {row["version"]: row for row in apps["sitefit"]}


async def test_the_matrix_has_a_row_for_each_version_and_a_finding_for_each_node(
    serve: Callable[..., Any], node: FakeNode, debug_only: Path
) -> None:
    async with running_node(FakeNode(version="7.9")) as old:
        urls = f"{node.url},{old.url}"
        client = await serve(COMPUTE_URLS=urls, CONTRACTS_DIR=str(debug_only))
        found = await rows(client)
        contract = debug_contract()
        row = found["1.1.0"]
        assert row["definition_hash"] == contract.definition_file.sha256
        assert row["plugins_hash"] == contract.plugins_hash
        assert (row["status"], row["can_solve"]) == ("degraded", True)
        lacks = "Rhino.Compute 8.0 is needed, not 7.9"
        assert row["why"] == [f"{old.name}: {lacks}"]
        assert row["nodes"] == [
            {"node": node.name, "state": "ready", "attested": True, "lacks": []},
            {"node": old.name, "state": "ready", "attested": False, "lacks": [lacks]},
        ]
        assert found["1.0.0"]["status"] == "retired"
        assert "nodes" not in found["1.0.0"]
        answers = [await client.post(DEBUG, json={"value": value}) for value in range(3)]
        assert [answer.status_code for answer in answers] == [200] * 3
        assert old.solves == []
        retired = await client.post("/gh/sitefit:1.0.0/solve", json={})
        assert retired.status_code == 404


@pytest.mark.parametrize(
    ("node_has", "message"),
    [
        ({"version": "7.0"}, "Rhino.Compute 8.0 is needed, not 7.0"),
        ({"inputs": {}}, "input 'value' is bound, but the definition has no such input"),
        (
            {"inputs": {"value": "Number", "more": "Number"}},
            "input 'more' of the definition is not bound: it keeps the last caller's value",
        ),
        ({"outputs": ()}, "output 'result' is bound, but the definition has no such output"),
    ],
)
async def test_a_version_that_no_node_can_solve_is_503_and_says_what_is_missing(
    serve: Callable[..., Any], debug_only: Path, node_has: dict[str, Any], message: str
) -> None:
    async with running_node(FakeNode(**node_has)) as node:
        client = await serve(COMPUTE_URL=node.url, CONTRACTS_DIR=str(debug_only))
        response = await client.post(DEBUG, json={"value": 1})
        assert (response.status_code, response.headers["content-type"]) == (503, MEDIA_TYPE)
        problem = response.json()
        assert (problem["code"], problem["errors"][0]["message"]) == ("plugin_mismatch", message)
        assert node.name not in response.text
        assert node.solves == []
        row = (await rows(client))["1.1.0"]
        assert (row["status"], row["can_solve"]) == ("degraded", False)
        assert (await client.get("/readyz")).status_code == 200


async def test_a_plugin_that_comes_or_goes_is_noticed(node: FakeNode) -> None:
    async with pool_of(node, NODE_CHECK_S="0.02", ATTEST_S="0.01") as solver:
        ref = debug_contract().ref
        node.version = "8.1"
        await until(lambda: node_of(solver, node).versions["compute"] == "8.1")
        assert await solve(solver) == 11
        node.version = "7.5"
        await until(lambda: node_of(solver, node).lacks[ref])
        node.version = "8.1"
        await until(lambda: node_of(solver, node).lacks[ref] == ())


async def test_every_shipped_definition_is_attested_by_the_local_engine_as_it_is(
    client: httpx.AsyncClient,
) -> None:
    apps = (await client.get("/health/registry")).json()["apps"]
    assert set(apps) == set(Registry.load().policies)
    shown = [row for rows in apps.values() for row in rows if row["status"] != "retired"]
    assert {tuple(row["why"]) for row in shown} == {()}
    assert all(row["nodes"][0]["attested"] for row in shown)


async def test_an_engine_without_ladybug_degrades_daylight_and_nothing_else(
    serve: Callable[..., Any], bare_engine_url: str
) -> None:
    client = await serve(COMPUTE_URL=bare_engine_url, COMPUTE_API_KEY=KEY)
    apps = (await client.get("/health/registry")).json()["apps"]
    [row] = apps["daylight"]
    assert (row["status"], row["can_solve"]) == ("degraded", False)
    assert row["nodes"][0]["lacks"] == ["plugin LadybugGrasshopper 0.0.0.1 is not installed"]
    example = Registry.load().resolve("daylight", None, None).contract.folder / "examples/valid"
    content = next(iter(sorted(example.glob("*.json")))).read_bytes()
    response = await client.post("/gh/daylight:stable/solve", content=content)
    assert (response.status_code, response.json()["code"]) == (503, "plugin_mismatch")
    others = {row["status"] for app in apps if app != "daylight" for row in apps[app]}
    assert others == {"ready"}
    assert (await client.post(DEBUG, json={"value": 1})).status_code == 200
