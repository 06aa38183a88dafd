"""The apps through the AppServer and the engine: golden figures, files, refusals, plugins."""

import json
from base64 import b64decode
from typing import Any

import httpx
import pytest

from contracts.registry import DEFAULT_ROOT
from contracts.wire.solve import ArtifactContent, SolveAnswer
from tests.builders import files


def example(app: str, version: str, name: str) -> dict[str, Any]:
    return json.loads((DEFAULT_ROOT / app / version / f"examples/valid/{name}.json").read_text())


def town() -> dict[str, Any]:
    return example("daylight", "0.1.0", "minimal")


def site() -> dict[str, Any]:
    return example("layouts", "1.0.0", "minimal")


async def solved(client: httpx.AsyncClient, path: str, inputs: Any) -> SolveAnswer:
    response = await client.post(f"/gh/{path}/solve", json=inputs)
    assert response.status_code == 200, response.text
    return SolveAnswer.model_validate_json(response.content)


async def test_the_golden_facade(client: httpx.AsyncClient) -> None:
    outputs: Any = (await solved(client, "daylight:0.1.0", town())).outputs
    assert outputs["kpis"] == {
        "sensor_count": 420,
        "exposure_share": {"minimum": 1.0, "medium": 1.0, "high": 0.7857},
        "median_vsc_percent": pytest.approx(15.2558, abs=1e-3),
        "worst_sensor": {
            "index": 6,
            "position": [6.5, 0.0, 1.37],
            "exposure_hours": pytest.approx(3.1667),
            "vsc_percent": pytest.approx(8.4882, abs=1e-3),
        },
    }
    assert len(outputs["sensors"]) == 420
    assert outputs["refusals"] == []
    assert outputs["metadata"]["engine"] == {"name": "Rhino.Compute", "version": "8.0"}


async def test_the_golden_layout(client: httpx.AsyncClient) -> None:
    outputs: Any = (await solved(client, "layouts:1.0.0", site())).outputs
    assert (outputs["asset_count"], outputs["total_capacity_kw"]) == (8, 20_000)
    assert outputs["road_length_m"] == pytest.approx(126.157, abs=1e-2)
    assert (outputs["cut_volume_m3"], outputs["fill_volume_m3"]) == (0, 0)
    assert outputs["orientation_deg"] == 90
    assert outputs["target_met"] is True


@pytest.mark.parametrize(
    ("path", "inputs", "names"),
    [
        ("daylight:0.1.0", town, ["heat-map.png", "daylight.glb", "daylight.geojson"]),
        ("layouts:1.0.0", site, ["plan.svg", "assets.geojson", "roads.geojson"]),
    ],
)
async def test_files_are_what_they_are_called(
    client: httpx.AsyncClient, path: str, inputs: Any, names: list[str]
) -> None:
    answer = await solved(client, path, inputs())
    assert [artifact.file_name for artifact in answer.artifacts] == names
    for artifact in answer.artifacts:
        files.check(artifact.media_type, content(artifact))


def content(artifact: ArtifactContent) -> bytes:
    text = artifact.content
    return b64decode(text) if artifact.encoding == "base64" else text.encode()


def polar_night() -> dict[str, Any]:
    location = {"latitude": 78.2, "longitude": 15.6, "utc_offset": 1}
    return town() | {"location": location, "dates": "12-21"}


@pytest.mark.parametrize(
    ("path", "inputs", "why"),
    [
        ("daylight:0.1.0", polar_night, "The sun does not rise at latitude 78.2 on 12-21."),
        ("layouts:1.0.0", lambda: site() | {"setback_m": 60}, "no_block_fits: no block of"),
        ("layouts:1.0.0", lambda: site() | {"entrance": [100, -9]}, "entrance_outside: the"),
    ],
)
async def test_what_cannot_be_answered_is_a_domain_violation_with_the_reason(
    client: httpx.AsyncClient, path: str, inputs: Any, why: str
) -> None:
    response = await client.post(f"/gh/{path}/solve", json=inputs())
    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "domain_violation")
    (error,) = problem["errors"]
    assert error["pointer"].startswith("/refusals")
    assert why in error["message"]
