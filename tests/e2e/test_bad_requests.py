"""Whatever is wrong with a request, the answer is a problem document that names it."""

import base64
import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.e2e.conftest import Platform, example

RUN = "/sitefit/jobs/run"
MINIMAL = example("minimal")
OPEN_RING = {"coordinates": [[0, 0], [20, 0], [20, 30], [0, 30]]}
BOW_TIE = {"coordinates": [[0, 0], [10, 8], [10, 0], [0, 8], [0, 0]]}


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    document = answer.json()
    assert (answer.status_code, document["code"]) == (status, code), document
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["status"] == status
    assert document["correlation_id"] == answer.headers["x-correlation-id"]
    assert "Traceback" not in answer.text
    return document


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"not json",
        b"\xff\xfe",
        b'{"inputs": {"value": NaN}}',
        b'{"inputs": {"value": 1e999}}',
        b'{"inputs": {"value": 1, "value": 2}}',
        b'{"inputs": {"value": "\\u0000"}}',
        b"[" * 100_000,
    ],
)
def test_what_is_not_json_is_refused(platform: Platform, text: bytes) -> None:
    problem(platform.client.post(RUN, content=text), 400, "invalid_json")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ([], [""]),
        ({}, ["/inputs"]),
        ({"inputs": 5}, ["/inputs"]),
        ({"inputs": {}, "tenant_id": str(uuid4())}, ["/tenant_id"]),
        ({"inputs": {}, "status": "succeeded", "priority": 9}, ["/priority", "/status"]),
        ({"inputs": {}, "version": "latest"}, ["/version"]),
        ({"inputs": {}}, ["/inputs/crs", "/inputs/house", "/inputs/parcel"]),
        ({"inputs": MINIMAL | {"crs": "WGS84"}}, ["/inputs/crs"]),
        ({"inputs": MINIMAL | {"grid_step": "1"}}, ["/inputs/grid_step"]),
        ({"inputs": MINIMAL | {"rotation": {"step": 0}}}, ["/inputs/rotation/step"]),
        ({"inputs": MINIMAL | {"x": 1}}, ["/inputs/x"]),
    ],
)
def test_each_wrong_field_is_addressed(platform: Platform, body: Any, pointers: list[str]) -> None:
    document = problem(platform.client.post(RUN, json=body), 400, "schema_violation")
    assert [fault["pointer"] for fault in document["errors"]] == pointers


@pytest.mark.parametrize(
    ("member", "value", "pointer", "rule"),
    [
        ("parcel", OPEN_RING, "/inputs/parcel/coordinates", "closed_ring"),
        ("house", BOW_TIE, "/inputs/house/coordinates", "simple_ring"),
        ("rotation", {"min": 90, "max": 0}, "/inputs/rotation", "ordered_range"),
    ],
)
def test_each_broken_rule_is_addressed(
    platform: Platform, member: str, value: Any, pointer: str, rule: str
) -> None:
    answer = platform.client.post(RUN, json={"inputs": MINIMAL | {member: value}})
    document = problem(answer, 422, "domain_violation")
    assert [(f["pointer"], f["code"]) for f in document["errors"]] == [(pointer, rule)]


def test_five_megabytes_are_too_large(platform: Platform) -> None:
    body = json.dumps({"inputs": {"value": 1, "padding": "x" * 5_000_000}})
    problem(platform.client.post(RUN, content=body), 413, "payload_too_large")


def test_unknown_things_are_not_found(platform: Platform) -> None:
    client = platform.client
    problem(client.post("/nothing/jobs/run", json={"inputs": {}}), 404, "not_found")
    problem(platform.submit({"value": 1}, "9.9.9"), 404, "definition_not_found")
    unknown = {"definition": "nothing", "inputs": {}}
    problem(client.post(RUN, json=unknown), 404, "definition_not_found")
    for path in (f"/sitefit/jobs/{uuid4()}", "/sitefit/jobs/5", f"/jobs/status/{uuid4()}"):
        problem(client.get(path), 404, "not_found")
    problem(client.get(f"/sitefit/jobs/{uuid4()}/result"), 404, "not_found")
    problem(client.get("/no/such/address"), 404, "not_found")
    problem(client.put(RUN, json={}), 404, "not_found")


def test_a_foreign_tenants_job_is_not_found(platform: Platform) -> None:
    job_id = platform.accepted({"value": 1})
    platform.ended(job_id)
    with platform.as_tenant(str(uuid4())) as foreigner:
        for path in (
            f"/sitefit/jobs/{job_id}",
            f"/sitefit/jobs/{job_id}/result",
            f"/jobs/status/{job_id}",
            f"/jobs/result/{job_id}",
        ):
            problem(foreigner.get(path), 404, "not_found")


def test_a_token_without_the_app_is_forbidden(platform: Platform) -> None:
    job_id = platform.accepted({"value": 1})
    with platform.as_tenant(str(uuid4()), "daylight") as client:
        problem(client.post(RUN, json={"inputs": {}}), 403, "forbidden")
        problem(client.get(f"/sitefit/jobs/{job_id}"), 404, "not_found")


def forged(token: str, **header: str) -> str:
    encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{encoded}.{token.split('.')[1]}."


def test_only_a_good_token_is_let_in(platform: Platform) -> None:
    good = platform.client.headers["authorization"].removeprefix("Bearer ")
    tampered = good[:-8] + ("AAAAAAAA" if good[-8:] != "AAAAAAAA" else "BBBBBBBB")
    for header in (
        None,
        "Bearer",
        "Basic abc",
        "Bearer x.y.z",
        f"Bearer {tampered}",
        f"Bearer {forged(good, alg='none', typ='JWT')}",
        f"Bearer {forged(good, alg='HS256', kid='unknown')}",
    ):
        headers = {} if header is None else {"Authorization": header}
        answer = httpx.post(platform.stack.functions_url + RUN, json={}, headers=headers)
        problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert good not in answer.text


def test_a_result_is_not_ready_before_the_end(platform: Platform) -> None:
    platform.stack.stop("appserver")
    try:
        job_id = platform.accepted({"value": 1})
        document = problem(platform.result(job_id), 409, "result_not_ready")
        assert document["retryable"] is True
        assert document["retry_after"] == 1
    finally:
        platform.stack.start("appserver")
    assert platform.ended(job_id)["status"] == "succeeded"
