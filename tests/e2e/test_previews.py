"""Previews through the Functions host, PostgreSQL, the AppServer and the engine."""

from tests.e2e.conftest import Platform, example

PREVIEW = "/sitefit/preview"


def test_inputs_are_tried_without_a_job(platform: Platform) -> None:
    body = {"version": "1.1.0", "inputs": {"value": 812.5}}
    first = platform.client.post(PREVIEW, json=body)
    assert first.status_code == 200, first.text
    assert first.json()["outputs"] == {"result": 822.5}
    assert first.json()["quality"] == "fresh"
    assert first.headers["ratelimit-policy"].startswith('"previews";q=')
    again = platform.client.post(PREVIEW, json=body)
    assert (again.status_code, again.json()["quality"]) == (200, "cached")
    jobs = platform.client.get("/sitefit/jobs", params={"version": "1.1.0", "limit": 100})
    assert all(
        job["correlation_id"] != first.headers["x-correlation-id"] for job in jobs.json()["jobs"]
    )


def test_a_real_definition_answers_within_its_timebox_or_says_what_to_do(
    platform: Platform,
) -> None:
    answer = platform.client.post(PREVIEW, json={"inputs": example("minimal")})
    assert answer.status_code in (200, 204), answer.text
    if answer.status_code == 204:
        assert answer.headers["x-kuduso-hint"]
    else:
        assert answer.json()["outputs"]["results"]


def test_wrong_inputs_of_a_preview_are_named(platform: Platform) -> None:
    answer = platform.client.post(PREVIEW, json={"version": "1.1.0", "inputs": {"value": "x"}})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/inputs/value")
