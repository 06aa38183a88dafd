"""The main job, through HTTP and the queue only."""

from typing import Any

import httpx
import pytest

from contracts.registry import Registry
from tests.e2e.conftest import Platform, example


def test_minimal_example_gives_the_golden_placement(platform: Platform) -> None:
    job = platform.ended(platform.accepted(example("minimal"), "1.0.0"))
    assert (job["status"], job["attempts"], job["has_result"]) == ("succeeded", 1, True)
    outputs = platform.result(job["job_id"]).json()
    best = outputs["results"][0]
    assert best["transform"]["rotation"]["value"] == 90
    assert best["transform"]["translation"] == {"x": 5, "y": 11, "z": 0, "units": "m"}
    assert best["metrics"]["min_setback_m"] == 6.0
    assert best["score"] == pytest.approx(2.696)
    assert 1 < len(outputs["results"]) <= 5
    assert outputs["metadata"]["version"] == "1.0.0"


@pytest.mark.parametrize("name", ["typical", "concave"])
def test_other_examples_succeed_and_keep_their_contract(platform: Platform, name: str) -> None:
    job = platform.ended(platform.accepted(example(name), "1.0.0"))
    assert job["status"] == "succeeded", job["last_error"]
    served = Registry.load().resolve("sitefit", None, "1.0.0")
    served.outputs.check(platform.result(job["job_id"]).json())


def test_links_open_without_a_token_and_lead_to_the_files(platform: Platform) -> None:
    job = platform.ended(platform.accepted(example("minimal"), "1.0.0"))
    artifacts = platform.result(job["job_id"]).json()["artifacts"]
    files = {entry["file_name"]: httpx.get(entry["href"]) for entry in artifacts}
    assert files["plan.svg"].headers["content-type"] == "image/svg+xml"
    assert files["plan.svg"].text.startswith("<svg")
    assert files["plan.geojson"].json()["type"] == "FeatureCollection"
    for entry in artifacts:
        assert len(files[entry["file_name"]].content) == entry["size_bytes"]
        assert f"/artifacts/sitefit/{job['job_id']}/" in entry["href"]
        unsigned = entry["href"].partition("?")[0]
        assert httpx.get(unsigned).status_code in (403, 404)


def test_accepting_answers_with_a_status_monitor(platform: Platform) -> None:
    answer = platform.submit({"value": 1}, **{"x-correlation-id": "mine-1"})
    job = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/sitefit/jobs/{job['job_id']}"
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["x-correlation-id"] == job["correlation_id"] == "mine-1"
    assert answer.headers["traceparent"].startswith("00-")
    assert job["definition"] == "sitefit"
    monitor = platform.client.get(answer.headers["location"])
    tag = monitor.headers["etag"]
    platform.ended(job["job_id"])
    ended = platform.client.get(answer.headers["location"], headers={"if-none-match": tag})
    again = platform.client.get(
        answer.headers["location"], headers={"if-none-match": ended.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_earlier_addresses_keep_working(platform: Platform) -> None:
    body: dict[str, Any] = {"app_id": "sitefit", "version": "1.1.0", "inputs": {"value": 32}}
    job = platform.client.post("/jobs/run", json=body).json()
    platform.ended(job["job_id"])
    for path in ("/jobs/status/", "/sitefit/jobs/status/"):
        assert platform.client.get(path + job["job_id"]).json()["status"] == "succeeded"
    for path in ("/jobs/result/", "/sitefit/jobs/result/"):
        assert platform.client.get(path + job["job_id"]).json() == {"result": 42}


def test_omitted_version_means_the_stable_one(platform: Platform) -> None:
    answer = platform.client.post("/sitefit/jobs/run", json={"inputs": example("minimal")})
    assert answer.json()["version"] == "1.0.0"
    platform.ended(answer.json()["job_id"])


def test_infeasible_inputs_end_in_a_domain_violation(platform: Platform) -> None:
    inputs = example("minimal")
    inputs["house"]["coordinates"] = [[0, 0], [50, 0], [50, 8], [0, 8], [0, 0]]
    job = platform.ended(platform.accepted(inputs, "1.0.0"))
    assert (job["status"], job["attempts"]) == ("failed", 1)
    assert job["last_error"]["code"] == "domain_violation"
    answer = platform.result(job["job_id"])
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [fault["code"] for fault in answer.json()["errors"]] == ["feasible"]
