"""The job API through HTTP: keys, reuse, waiting, lists, events, erasing, batches, discovery."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry as References
from referencing import Resource
from referencing.jsonschema import DRAFT202012

from tests.e2e.conftest import Platform, example
from tests.e2e.test_bad_requests import RUN, problem

BODY: dict[str, Any] = {"version": "1.1.0", "inputs": {"value": 32}}


def ended_at_once(platform: Platform, value: float = 32, **headers: str) -> dict[str, Any]:
    body = {"version": "1.1.0", "inputs": {"value": value}}
    answer = platform.client.post(RUN, json=body, headers={"Prefer": "wait=20", **headers})
    assert answer.status_code == 200, answer.text
    assert answer.headers["preference-applied"] == "wait=20"
    return answer.json()


def test_a_submission_can_wait_for_its_end_and_is_reused_afterwards(platform: Platform) -> None:
    job = ended_at_once(platform)
    assert (job["status"], job["cached"], job["has_result"]) == ("succeeded", False, True)
    again = platform.client.post(RUN, json=BODY)
    assert (again.status_code, again.json()["cached"]) == (200, True)
    assert again.json()["job_id"] == job["job_id"]
    assert again.headers["location"] == job["links"]["self"]
    own = platform.client.post(RUN, json=BODY, headers={"Cache-Control": "no-cache"})
    assert own.status_code == 202
    assert own.json()["job_id"] != job["job_id"]
    with platform.as_tenant(str(uuid4())) as foreigner:
        assert foreigner.post(RUN, json=BODY).status_code == 202


def test_a_key_gives_one_job_and_one_answer(platform: Platform) -> None:
    headers = {"Idempotency-Key": '"8e03978e"', "Cache-Control": "no-cache"}
    first = platform.client.post(RUN, json=BODY, headers=headers)
    again = platform.client.post(RUN, json=BODY, headers=headers | {"Idempotency-Key": "8e03978e"})
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["location"] == first.headers["location"]
    other = BODY | {"inputs": {"value": 33}}
    reused = platform.client.post(RUN, json=other, headers=headers)
    problem(reused, 422, "idempotency_key_reused")
    malformed = platform.client.post(RUN, json=BODY, headers={"Idempotency-Key": '"'})
    document = problem(malformed, 400, "schema_violation")
    assert "Idempotency-Key" in document["errors"][0]["message"]


def test_a_double_click_has_one_effect(platform: Platform) -> None:
    def click(_: int) -> httpx.Response:
        headers = {"Idempotency-Key": "click", "Cache-Control": "no-cache"}
        return platform.client.post(RUN, json=BODY, headers=headers)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(click, range(6)))
    assert {answer.status_code for answer in answers} <= {202, 409}
    jobs = {answer.json()["job_id"] for answer in answers if answer.status_code == 202}
    assert len(jobs) == 1
    assert len(platform.client.get("/sitefit/jobs").json()["jobs"]) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert problem(answer, 409, "idempotency_in_progress")["retryable"]
            assert answer.headers["retry-after"] == "1"


def test_a_dry_run_completes_inputs_and_writes_nothing(platform: Platform) -> None:
    answer = platform.client.post(
        f"{RUN}?dry_run=true",
        json={"inputs": example("minimal")},
        headers={"Idempotency-Key": "unused"},
    )
    checked = answer.json()
    assert (answer.status_code, checked["valid"], checked["version"]) == (200, True, "1.0.0")
    assert checked["inputs"]["grid_step"] == 0.5
    assert platform.client.get("/sitefit/jobs").json() == {"jobs": [], "next": None}
    real = platform.client.post(RUN, json={"inputs": example("minimal")})
    assert real.json()["inputs_hash"] == checked["inputs_hash"]
    refused = platform.client.post(f"{RUN}?dry_run=true", json={"inputs": {}})
    problem(refused, 400, "schema_violation")
    problem(platform.client.post(f"{RUN}?dry_run=1", json=BODY), 400, "schema_violation")
    platform.ended(real.json()["job_id"])


def test_a_long_poll_answers_with_each_change(platform: Platform) -> None:
    path = platform.submit(example("minimal"), "1.0.0").headers["location"]
    tag, seen = '"none"', ""
    while seen not in ("succeeded", "failed"):
        answer = platform.client.get(f"{path}?wait=20", headers={"If-None-Match": tag})
        assert answer.status_code == 200, answer.text  # 304 would be a wait in vain
        tag, seen = answer.headers["etag"], answer.json()["status"]
    assert seen == "succeeded"
    known = platform.client.get(f"{path}?wait=20", headers={"If-None-Match": tag})
    assert known.status_code == 304
    problem(platform.client.get(f"{path}?wait=61"), 400, "schema_violation")


def test_a_queued_job_tells_its_place(platform: Platform) -> None:
    ended_at_once(platform, 1)
    platform.stack.stop("service_bus")
    try:
        for value in (2, 3):
            path = platform.submit({"value": value}).headers["location"]
        job = platform.client.get(path).json()
        assert (job["status"], job["queue_position"]) == ("queued", 2)
        assert job["eta_s"] > 0
        limits = platform.client.get("/sitefit/limits").json()
        assert limits["jobs"] == {"queued": 2, "running": 0}
        assert limits["seats"] == {"batch": 4, "preview": 1}
        by_version = {entry["version"]: entry for entry in limits["estimates"]}
        assert by_version["1.1.0"]["queue_position"] == 3
        assert by_version["1.1.0"]["eta_s"] > 0
    finally:
        platform.stack.start("service_bus")


def test_lists_are_filtered_and_continued(platform: Platform) -> None:
    for value in range(5):
        labels = {"parity": str(value % 2), "site": "a b:c"}
        body = BODY | {"inputs": {"value": value}, "labels": labels}
        assert platform.client.post(RUN, json=body).json()["labels"] == labels
    seen: list[str] = []
    path = "/sitefit/jobs?limit=2&label=site:a%20b:c"
    while path:
        answer = platform.client.get(path)
        page = answer.json()
        seen += [job["job_id"] for job in page["jobs"]]
        path = page["next"]
        linked = answer.links.get("next", {}).get("url")
        assert linked == path
    assert len(seen) == len(set(seen)) == 5
    odd = platform.client.get("/sitefit/jobs", params={"label": "parity:1"}).json()
    assert len(odd["jobs"]) == 2
    problem(platform.client.get("/sitefit/jobs?cursor=forged"), 400, "schema_violation")
    problem(platform.client.get("/sitefit/jobs?status=done"), 400, "schema_violation")
    with platform.as_tenant(str(uuid4())) as foreigner:
        assert foreigner.get("/sitefit/jobs").json()["jobs"] == []


def test_the_timeline_is_json_whatever_is_accepted(platform: Platform) -> None:
    job = ended_at_once(platform)
    path = job["links"]["events"]
    answer = platform.client.get(path, headers={"Accept": "text/event-stream"})
    assert answer.headers["content-type"] == "application/json"
    events = answer.json()["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [events[0]["event"], events[-1]["event"]] == ["job_submitted", "job_succeeded"]
    assert platform.client.get(f"{path}?since=1").json()["events"] == events[1:]
    problem(platform.client.get(f"{path}?since=x"), 400, "schema_violation")


def test_an_erased_job_is_gone_with_its_files(platform: Platform) -> None:
    job = platform.ended(platform.accepted(example("minimal"), "1.0.0"))
    path = job["links"]["self"]
    hrefs = [entry["href"] for entry in platform.result(job["job_id"]).json()["artifacts"]]
    assert [httpx.get(href).status_code for href in hrefs] == [200, 200]
    with platform.as_tenant(str(uuid4())) as foreigner:
        problem(foreigner.delete(path), 404, "not_found")
    assert platform.client.delete(path).status_code == 204
    assert [httpx.get(href).status_code for href in hrefs] == [404, 404]
    problem(platform.client.get(path), 404, "not_found")
    problem(platform.client.get(f"{path}/events"), 404, "not_found")
    assert platform.client.delete(path).status_code == 204
    proof = "SELECT artifacts, tenant_id IS NOT NULL FROM erasure WHERE job_id = %s"
    assert platform.query(proof, job["job_id"]) == [(2, True)]
    again = platform.client.post(RUN, json={"version": "1.0.0", "inputs": example("minimal")})
    assert (again.status_code, again.json()["cached"]) == (202, False)
    platform.ended(again.json()["job_id"])
    memo = httpx.get(f"{platform.stack.wiring.url('appserver')}/health/memo").json()
    assert memo["apps"]["sitefit"]["purged"] > 0, "the AppServer has forgotten the answer, too"


def test_a_batch_runs_every_good_job(platform: Platform) -> None:
    jobs = [BODY | {"inputs": {"value": value}} for value in (1, 2, "x")]
    answer = platform.client.post("/sitefit/jobs/batch", json={"jobs": jobs})
    assert answer.status_code == 200, answer.text
    entries = answer.json()["jobs"]
    assert [entry["status"] for entry in entries] == [202, 202, 400]
    assert entries[2]["problem"]["errors"][0]["pointer"] == "/jobs/2/inputs/value"
    for entry in entries[:2]:
        assert platform.ended(entry["job"]["job_id"])["status"] == "succeeded"
    atomic = platform.client.post("/sitefit/jobs/batch", json={"jobs": jobs, "atomic": True})
    document = problem(atomic, 400, "schema_violation")
    assert document["errors"][0]["pointer"] == "/jobs/2/inputs/value"
    assert len(platform.client.get("/sitefit/jobs").json()["jobs"]) == 2


def test_contracts_are_discovered(platform: Platform) -> None:
    listed = platform.client.get("/sitefit/contracts").json()
    assert listed["stable"] == {"sitefit": "1.0.0"}
    assert [entry["version"] for entry in listed["contracts"]] == ["1.0.0", "1.1.0"]
    stable = platform.client.get("/sitefit/contracts/stable").json()
    assert stable == platform.client.get(listed["contracts"][0]["links"]["self"]).json()
    assert "grid_step" in stable["inputs_schema"]["properties"]
    problem(platform.client.get("/sitefit/contracts/9.9.9"), 404, "definition_not_found")
    problem(platform.client.get("/nothing/contracts"), 404, "not_found")
    with platform.as_tenant(str(uuid4()), "daylight") as other:
        for path in ("contracts", "contracts/1.0.0", "limits", "jobs"):
            problem(other.get(f"/sitefit/{path}"), 403, "forbidden")


@pytest.mark.parametrize(
    "path", ["jobs", "limits", "contracts", f"jobs/{UUID(int=1)}/events", f"jobs/{UUID(int=1)}"]
)
def test_reading_needs_a_token(platform: Platform, path: str) -> None:
    url = f"{platform.stack.functions_url}/sitefit/{path}"
    problem(httpx.get(url), 401, "unauthenticated")


def described(platform: Platform) -> dict[str, Any]:
    return httpx.get(f"{platform.stack.functions_url}/openapi.json").json()


def test_the_api_describes_itself_without_a_token(platform: Platform) -> None:
    document = described(platform)
    validate(document)
    assert "/sitefit/jobs/run" in document["paths"]


def check_described(document: dict[str, Any], schema: str, value: Any) -> None:
    """The value is valid, and has no member that the document does not know."""
    resource = Resource(contents=document, specification=DRAFT202012)
    references = cast("Any", References()).with_resource("urn:api", resource)
    reference = {"$ref": f"urn:api#/components/schemas/{schema}"}
    Draft202012Validator(reference, registry=references).validate(value)
    known = document["components"]["schemas"][schema].get("properties", value)
    assert set(value) <= set(known), schema


def test_answers_are_what_the_document_says(platform: Platform) -> None:
    check = partial(check_described, described(platform))
    client = platform.client
    job = ended_at_once(platform)
    check("SubmittedJob", job)
    check("Job", client.get(job["links"]["self"]).json())
    check("Result_sitefit", platform.result(job["job_id"]).json())
    check("Provenance", client.get(f"/sitefit/jobs/{job['job_id']}/provenance").json())
    check("EventList", client.get(job["links"]["events"]).json())
    check("JobList", client.get("/sitefit/jobs").json())
    check("ContractList", client.get("/sitefit/contracts").json())
    check("Contract", client.get("/sitefit/contracts/stable").json())
    check("Limits", client.get("/sitefit/limits").json())
    check("Check", client.post(f"{RUN}?dry_run=true", json=BODY).json())
    jobs = {"jobs": [BODY, {}]}
    check("BatchOutcome", client.post("/sitefit/jobs/batch", json=jobs).json())
    check("Problem", client.post(RUN, json={}).json())
    check("Health", client.get("/health").json())
    check("Readiness", client.get("/health/ready").json())
