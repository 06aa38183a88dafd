import asyncio
import hashlib
import json
from typing import Any

import httpx
import pytest

from contracts.json_text import parse_json
from contracts.registry import Registry
from contracts.wire.solve import SolveAnswer
from tests.integration.appserver.conftest import KEY, Serve

TENANT = "0a8f1f0e-3f0b-4a3e-9f55-0d1c0a5b7e11"


async def test_the_golden_placement_comes_out_of_the_real_definition(
    client: httpx.AsyncClient, minimal: dict[str, Any]
) -> None:
    response = await client.post("/gh/sitefit:1.0.0/solve", json=minimal)
    assert response.status_code == 200, response.text
    answer = SolveAnswer.model_validate_json(response.content)
    results: Any = answer.outputs["results"]
    best = results[0]
    assert best["transform"]["rotation"]["value"] == pytest.approx(90)
    assert best["transform"]["translation"]["x"] == pytest.approx(5)
    assert best["transform"]["translation"]["y"] == pytest.approx(11)
    assert best["metrics"]["min_setback_m"] == pytest.approx(6.0)
    assert best["score"] == pytest.approx(2.696)
    assert len(results) <= 5
    metadata: Any = answer.outputs["metadata"]
    assert metadata["seed"] == 1
    assert metadata["units"] == {"length": "m", "angle": "deg", "crs": "EPSG:25832"}
    assert metadata["engine"] == {"name": "Rhino.Compute", "version": "8.0"}


async def test_artifacts_are_described_as_they_are(
    client: httpx.AsyncClient, minimal: dict[str, Any]
) -> None:
    response = await client.post("/gh/sitefit:stable/solve", json=minimal)
    answer = SolveAnswer.model_validate_json(response.content)
    described: Any = answer.outputs["artifacts"]
    assert [entry["kind"] for entry in described] == ["plan", "plan_geojson"]
    for entry, artifact in zip(described, answer.artifacts, strict=True):
        content = artifact.content.encode()
        assert entry["size_bytes"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert answer.artifacts[0].content.lstrip().startswith("<")
    assert json.loads(answer.artifacts[1].content)["type"] == "FeatureCollection"


async def test_the_debug_contract_adds_ten_for_an_addressed_request(
    client: httpx.AsyncClient,
) -> None:
    body = {"app_id": "sitefit", "tenant_id": TENANT, "inputs": {"value": 32}}
    response = await client.post("/gh/sitefit:1.1.0/solve", json=body)
    answer = response.json()
    assert (answer["outputs"], answer["artifacts"]) == ({"result": 42}, [])


async def test_every_valid_example_is_solved(client: httpx.AsyncClient) -> None:
    for ref, served in Registry.load().contracts.items():
        for file in sorted((served.contract.folder / "examples" / "valid").glob("*.json")):
            path = f"/gh/{ref.definition}:{ref.version}/solve"
            response = await client.post(path, content=file.read_bytes())
            assert response.status_code == 200, f"{file}: {response.text}"


async def test_every_invalid_example_is_refused_where_it_says(client: httpx.AsyncClient) -> None:
    for ref, served in Registry.load().contracts.items():
        for file in sorted((served.contract.folder / "examples" / "invalid").glob("*.json")):
            example: Any = parse_json(file.read_bytes())
            path = f"/gh/{ref.definition}:{ref.version}/solve"
            response = await client.post(path, json=example["inputs"])
            assert response.status_code in (400, 422), f"{file}: {response.text}"
            broken = {(entry["code"], entry["pointer"]) for entry in response.json()["errors"]}
            assert (example["rule"], example["pointer"]) in broken


async def test_no_value_of_one_request_reaches_the_next(
    client: httpx.AsyncClient, minimal: dict[str, Any]
) -> None:
    path = "/gh/sitefit:1.0.0/solve"
    first = (await client.post(path, json=minimal)).json()
    turned = minimal | {"rotation": {"min": 0, "max": 0}, "grid_step": 1}
    between = (await client.post(path, json=turned)).json()
    again = (await client.post(path, json=minimal)).json()
    assert between["outputs"]["results"] != first["outputs"]["results"]
    assert again["outputs"]["results"] == first["outputs"]["results"]


async def test_concurrent_solves_keep_their_own_answers(serve: Serve, engine_url: str) -> None:
    # There are fewer seats than solves, and a slow machine turns nobody away.
    client = await serve(COMPUTE_URL=engine_url, COMPUTE_API_KEY=KEY, SEAT_WAIT_S="60")
    path = "/gh/sitefit:1.1.0/solve"
    answers = await asyncio.gather(*(client.post(path, json={"value": v}) for v in range(40)))
    assert [answer.json()["outputs"]["result"] for answer in answers] == [v + 10 for v in range(40)]
