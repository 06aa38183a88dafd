"""What every answer carries, and what no request gets past."""

import json
from uuid import uuid4

import azure.durable_functions as df
import azure.functions as func
import pytest

from functions.blueprints.edge import Answer, Call, Edge, Handler
from functions.services import Services
from tests.builders.jobs import APP, TENANT
from tests.integration.access.conftest import FunctionApp, Issuer

SITE = "https://site.example"


@pytest.fixture
def owner(token_issuer: Issuer) -> str:
    return token_issuer.token(tenant_id=str(TENANT), apps=[APP])


async def test_every_answer_is_hardened(function_app: FunctionApp, owner: str) -> None:
    for name in ("health", "z_unknown_get", "z_preflight", "list_jobs", "submit_job"):
        answer = await function_app.call(name, owner, params={"app_id": APP})
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
        assert "cache-control" in answer.headers
        assert "access-control-allow-origin" not in answer.headers
    refused = await function_app.call("list_jobs", params={"app_id": APP})
    assert refused.headers["cache-control"] == "no-store"


async def test_a_page_of_a_known_site_may_read_answers(
    function_app: FunctionApp, owner: str
) -> None:
    asked = await function_app.call("z_preflight", headers={"Origin": SITE})
    assert (asked.status_code, asked.get_body()) == (204, b"")
    assert asked.headers["access-control-allow-origin"] == SITE
    assert "Authorization" in asked.headers["access-control-allow-headers"]
    assert "Idempotency-Key" in asked.headers["access-control-allow-headers"]
    answer = await function_app.call(
        "list_jobs", owner, params={"app_id": APP}, headers={"Origin": SITE}
    )
    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.headers["vary"] == "Origin"
    for name in ("Location", "Retry-After", "ETag", "RateLimit", "x-correlation-id"):
        assert name in answer.headers["access-control-expose-headers"].split(", ")
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", SITE + ".evil.example"])
async def test_a_page_of_another_site_may_not(function_app: FunctionApp, origin: str) -> None:
    for name in ("z_preflight", "health"):
        answer = await function_app.call(name, headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers


def nested(levels: int) -> bytes:
    return b'{"inputs":' + b'{"a":' * levels + b"1" + b"}" * levels + b"}"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"[" * 1_048_577, 413, "payload_too_large"),
        (b" " * 1_048_574 + b"{}", 400, "schema_violation"),
        (nested(200), 400, "invalid_json"),
        (nested(100_000), 400, "invalid_json"),
        (b"[" * 1_000_000, 400, "invalid_json"),
    ],
    ids=["too large", "just not too large", "deep", "very deep", "brackets"],
)
@pytest.mark.parametrize("name", ["submit_job", "submit_job_any_app", "submit_batch"])
async def test_bodies_are_bounded(
    function_app: FunctionApp, owner: str, name: str, body: bytes, status: int, code: str
) -> None:
    params = {} if name == "submit_job_any_app" else {"app_id": APP}
    answer = await function_app.call(name, owner, params=params, body=body)
    assert (answer.status_code, json.loads(answer.get_body())["code"]) == (status, code)


async def test_a_batch_is_bounded(function_app: FunctionApp, owner: str) -> None:
    jobs = [{"version": "1.1.0", "inputs": {"value": n}} for n in range(101)]
    answer = await function_app.call(
        "submit_batch", owner, params={"app_id": APP}, body={"jobs": jobs}
    )
    assert answer.status_code == 400
    assert json.loads(answer.get_body())["errors"][0]["pointer"] == "/jobs"


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("list_jobs", {"label": "a:\0"}),
        ("list_jobs", {"definition": "\0"}),
        ("list_jobs", {"cursor": "\0"}),
        ("list_studies", {"cursor": "\0"}),
        ("list_dead_letters", {"fingerprint": "\0"}),
    ],
)
async def test_a_query_without_a_place_in_the_database_is_refused(
    function_app: FunctionApp, token_issuer: Issuer, name: str, query: dict[str, str]
) -> None:
    operator = token_issuer.token(tenant_id=str(TENANT), apps=[APP], app_role="operator")
    answer = await function_app.call(name, operator, params={"app_id": APP}, query=query)
    problem = json.loads(answer.get_body())
    assert (answer.status_code, problem["code"]) == (400, "schema_violation")
    assert [fault["code"] for fault in problem["errors"]] == [*query]


async def test_a_crash_shows_nothing_of_itself(function_app: FunctionApp) -> None:
    secret = str(uuid4())

    async def crash(_call: Call) -> Answer:
        raise ZeroDivisionError(secret)

    answer = await call_handler(function_app.services, crash)
    document = json.loads(answer.get_body())
    assert (answer.status_code, document["code"]) == (500, "internal")
    assert secret not in answer.get_body().decode()
    assert "Traceback" not in answer.get_body().decode()
    assert document["detail"] == "The request could not be answered."


async def call_handler(services: Services, handler: Handler) -> func.HttpResponse:
    edge = Edge(services, df.Blueprint())
    request = func.HttpRequest(method="GET", url="http://localhost/x", body=b"")
    return await edge.answer(request, "x", handler)
