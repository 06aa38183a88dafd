"""Every endpoint, asked by everybody: a new one without a row here fails."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import azure.functions as func
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from contracts.model import ContractRef, JsonObject
from devstack.tokens import KEY_ID
from functions.domain.job import Run
from functions.services import Services
from functions.store.dead_letters import record_dead_letter
from tests.builders.jobs import APP, LAYOUTS, OTHER_TENANT, START, TENANT, a_job, submitted
from tests.builders.studies import a_study, written
from tests.integration.access.conftest import APPS, FunctionApp, Issuer

LETTER_ID = UUID("33333333-3333-4333-8333-333333333333")
WEBHOOK_ID = UUID("44444444-4444-4444-8444-444444444444")
LAYOUT_ID = UUID("77777777-7777-4777-8777-777777777777")
STUDY_ID = UUID("66666666-6666-4666-8666-666666666666")
DELIVERY_ID = UUID("55555555-5555-4555-8555-555555555555")
WEBHOOK = {"url": "https://1.1.1.1/in"}
FOREIGN_KEY = ec.generate_private_key(ec.SECP256R1())
GRID = {"type": "grid", "parameters": [{"path": "$.value", "values": [1, 2]}]}
SITE = Path(__file__).parents[3] / "contracts/layouts/1.0.0/examples/valid/minimal.json"
SUBMISSION = {"version": "1.1.0", "inputs": {"value": 1}}


@dataclass(frozen=True)
class Row:
    """Statuses of an endpoint: its owner's (and every colleague's), strangers' and operators'.

    `foreigner` is another tenant that may use the app, `without_app` the owner's tenant by a token
    that does not name it, `operator` another tenant's operator of the app.
    """

    owner: int
    foreigner: int
    without_app: int
    operator: int
    body: Any = None


def job(owner: int) -> Row:
    """Of a job: nobody but its tenant learns that it exists."""
    return Row(owner, 404, 404, 404)


def submission(**more: Any) -> Row:
    return Row(202, 202, 403, 202, {**SUBMISSION, **more})


def operators(operator: int, body: Any = None) -> Row:
    return Row(403, 403, 403, operator, body)


def webhook(owner: int, body: Any = None) -> Row:
    """Of a webhook: the app stands in the path and is checked first."""
    return Row(owner, 404, 403, 404, body)


def study(owner: int, body: Any = None) -> Row:
    """Of a study: the app stands in the path and is checked first."""
    return Row(owner, 404, 403, 404, body)


def public(status: int) -> Row:
    return Row(status, status, status, status)


PUBLIC = {
    "health": public(200),
    "openapi": public(200),
    "health_ready": public(503),  # the queue and the AppServer are away here
    "take_solve_report": public(401),  # the AppServer's, which signs its reports
    "z_preflight": public(204),
    **{f"z_unknown_{m}": public(404) for m in ("get", "post", "put", "patch", "delete")},
}
PROTECTED = {
    "submit_job": submission(),
    "submit_job_any_app": submission(app_id=APP),
    "submit_batch": Row(200, 200, 403, 200, {"jobs": [SUBMISSION]}),
    "preview": Row(503, 503, 403, 503, SUBMISSION),  # the AppServer is away here
    "list_jobs": Row(200, 200, 403, 200),
    "list_contracts": Row(200, 200, 403, 200),
    "get_contract": Row(200, 200, 403, 200),
    "get_limits": Row(200, 200, 403, 200),
    "list_job_events": job(200),
    "cancel_job": job(200),
    "erase_job": job(204),
    "get_job": job(200),
    "get_job_status": job(200),
    "get_job_status_any_app": job(200),
    "get_job_result": job(409),
    "get_result": job(409),
    "get_result_any_app": job(409),
    "get_job_provenance": job(409),
    "create_webhook": Row(201, 201, 403, 201, WEBHOOK),
    "list_webhooks": Row(200, 200, 403, 200),
    "get_webhook": webhook(200),
    "change_webhook": webhook(200, {"enabled": False}),
    "delete_webhook": Row(204, 204, 403, 204),  # strangers delete nothing and learn nothing
    "rotate_webhook_secret": webhook(200),
    "list_webhook_deliveries": webhook(200),
    "redeliver_webhook": webhook(202),
    "create_study": Row(202, 202, 403, 202, {"version": "1.1.0", "space": GRID}),
    "list_studies": Row(200, 200, 403, 200),
    "get_study": study(200),
    "get_study_results": study(200),
    "cancel_study": study(202),
    "erase_study": study(409),  # it runs
    "retry_study": study(409),  # none of its points has failed
    "generate_layout": Row(202, 202, 403, 202, json.loads(SITE.read_text())),
    "get_layout": job(409),
    "get_layout_status": job(200),
    "list_dead_letters": operators(200),
    "get_dead_letter": operators(200),
    "replay_dead_letter": operators(202, {"inputs": {"value": 2}}),
    "replay_dead_letters": operators(200, {"fingerprint": "0" * 32}),
}
EXPECTED = PUBLIC | PROTECTED
UNTOUCHED = [("queued", TENANT, 0, 0, None)]  # of the app APP
CHANGES = [
    *("submit_job", "submit_job_any_app", "submit_batch", "cancel_job", "erase_job"),
    *("replay_dead_letter", "replay_dead_letters", "create_webhook", "change_webhook"),
    *("delete_webhook", "rotate_webhook_secret", "redeliver_webhook"),
    *("create_study", "cancel_study", "retry_study", "erase_study", "generate_layout"),
]
CALLERS = (
    *("without_app", "without_apps", "foreigner", "operator_elsewhere", "would_be_operator"),
    *("operator", "colleague", "owner"),
)
POSTS = [name for name, row in PROTECTED.items() if row.body is not None]


def callers(issuer: Issuer) -> dict[str, str]:
    """A good token for each kind of caller, strangers first, the owner last."""

    def token(tenant_id: UUID, *apps: str, **claims: Any) -> str:
        return issuer.token(tenant_id=str(tenant_id), apps=apps, **claims)

    return {
        "without_app": token(TENANT, "daylight"),
        "without_apps": issuer.token(tenant_id=str(TENANT)),
        "foreigner": token(OTHER_TENANT, *APPS),
        "operator_elsewhere": token(TENANT, "daylight", app_role="operator"),
        "would_be_operator": token(OTHER_TENANT, *APPS, app_role="admin"),
        "operator": token(OTHER_TENANT, *APPS, app_role="operator"),
        "colleague": token(TENANT, *APPS, sub="colleague"),
        "owner": token(TENANT, *APPS, sub="owner"),
    }


def status_for(row: Row, caller: str) -> int:
    same = {
        "without_apps": "without_app",
        "operator_elsewhere": "without_app",
        "would_be_operator": "foreigner",
        "colleague": "owner",
    }
    return getattr(row, same.get(caller, caller))


def header_of(**fields: str) -> str:
    return urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")


def unsigned(header: str, claims: str) -> str:
    return f"{header}.{claims}."


def bad_tokens(issuer: Issuer) -> dict[str, str | None]:
    good: dict[str, Any] = {"tenant_id": str(TENANT), "apps": [*APPS], "app_role": "operator"}
    header, claims, signature = issuer.token(**good).split(".")
    return {
        "none": None,
        "no token at all": "",
        "expired": issuer.token(**good, exp=1_700_000_000),
        "not yet valid": issuer.token(**good, nbf=4_000_000_000),
        "without an end": issuer.token(**good, exp=None),
        "wrong audience": issuer.token(**good, aud="somebody"),
        "wrong issuer": issuer.token(**good, iss="https://elsewhere.example"),
        "foreign key": issuer.token(**good, key=FOREIGN_KEY),
        "unknown key": issuer.token(**good, key=FOREIGN_KEY, kid="mine"),
        "alg none": unsigned(header_of(alg="none", kid=KEY_ID), claims),
        "alg HS256": issuer.token(**good, key="0" * 32, algorithm="HS256"),
        "alg none in capitals": unsigned(header_of(alg="NONE", kid=KEY_ID), claims),
        "unsigned": unsigned(header, claims),
        "changed": f"{header}.{claims[:-4]}AAAA.{signature}",
        "of no tenant": issuer.token(apps=[*APPS]),
    }


@pytest.fixture
async def job_id(function_app: FunctionApp) -> UUID:
    """A queued job of TENANT; a dead letter and a delivery that name it; a study; a layout."""
    message = await submitted(function_app.services.database)
    await with_letter(function_app.services, message.job_id)
    await with_delivery(function_app.services, message.job_id)
    await written(function_app.services.database, a_study(study_id=STUDY_ID))
    layout = replace(a_job(app_id=LAYOUTS), job_id=LAYOUT_ID)
    await submitted(function_app.services.database, layout)
    return message.job_id


async def with_letter(services: Services, job_id: UUID) -> None:
    run = Run(job_id, TENANT, APP, ContractRef("sitefit", "1.1.0"), {}, 5, 1, "c", "t", START)
    error: JsonObject = {"code": "engine_error", "detail": "gone"}
    async with services.database.tenant(TENANT, [APP]) as connection:
        await record_dead_letter(
            connection,
            run,
            error,
            letter_id=LETTER_ID,
            reason="attempts_exhausted",
            now=services.clock.now(),
        )


async def with_delivery(services: Services, job_id: UUID) -> None:
    async with services.database.tenant(TENANT, [APP]) as connection:
        await connection.execute(
            "WITH endpoint AS (INSERT INTO webhook_endpoint"
            " (id, tenant_id, app_id, url, event_types, created_at)"
            " VALUES (%s, %s, %s, 'https://1.1.1.1/', '{job.failed}', now()))"
            " INSERT INTO webhook_delivery (id, tenant_id, app_id, job_id, endpoint_id,"
            " event_type, body, status, created_at)"
            " VALUES (%s, %s, %s, %s, %s, 'job.failed', '{}', 'failed', now())",
            (WEBHOOK_ID, TENANT, APP, DELIVERY_ID, TENANT, APP, job_id, WEBHOOK_ID),
        )


async def ask(
    app: FunctionApp, name: str, token: str | None, job_id: UUID, body: Any = None
) -> func.HttpResponse:
    route = app.endpoints[name].route
    hooks = {"webhook_id": WEBHOOK_ID, "delivery_id": DELIVERY_ID, "study_id": STUDY_ID}
    hooks["layout_id"] = LAYOUT_ID
    values = {"app_id": APP, "job_id": job_id, "letter_id": LETTER_ID, "version": "1.1.0"} | hooks
    params = {key: value for key, value in values.items() if f"{{{key}}}" in route}
    sent = EXPECTED[name].body if body is None else body
    return await app.call(name, token, params=params, body=sent)


def test_each_endpoint_has_a_row(function_app: FunctionApp) -> None:
    assert set(function_app.endpoints) == set(EXPECTED)


async def everybody(
    function_app: FunctionApp, issuer: Issuer, job_id: UUID, name: str
) -> dict[str, int]:
    return {
        caller: (await ask(function_app, name, token, job_id)).status_code
        for caller, token in callers(issuer).items()
    }


def expected(name: str) -> dict[str, int]:
    return {caller: status_for(EXPECTED[name], caller) for caller in CALLERS}


async def test_each_caller_reads_what_he_may(
    function_app: FunctionApp, token_issuer: Issuer, job_id: UUID
) -> None:
    reads = [name for name in EXPECTED if name not in CHANGES]
    for name in reads:
        answered = await everybody(function_app, token_issuer, job_id, name)
        assert answered == expected(name), name


@pytest.mark.parametrize("name", CHANGES)
async def test_each_caller_changes_what_he_may(
    function_app: FunctionApp, token_issuer: Issuer, job_id: UUID, name: str
) -> None:
    answered = await everybody(function_app, token_issuer, job_id, name)
    assert answered == expected(name)


async def test_only_a_good_token_is_let_in(
    function_app: FunctionApp, token_issuer: Issuer, job_id: UUID
) -> None:
    for kind, token in bad_tokens(token_issuer).items():
        for name in PROTECTED:
            answer = await ask(function_app, name, token, job_id)
            assert answer.status_code == 401, (name, kind)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert b'"code":"unauthenticated"' in answer.get_body()


async def test_members_that_are_not_the_callers_to_set_are_refused(
    function_app: FunctionApp, token_issuer: Issuer, job_id: UUID
) -> None:
    tokens = callers(token_issuer)
    given = {"tenant_id": str(uuid4()), "status": "succeeded", "priority": 9, "attempts": 0}
    for name, (member, value) in product(POSTS, given.items()):
        row = PROTECTED[name]
        token = tokens["operator" if row.owner == 403 else "owner"]
        answer = await ask(function_app, name, token, job_id, row.body | {member: value})
        assert answer.status_code == 400, (name, member)
        assert f'"pointer":"/{member}"'.encode() in answer.get_body()
    assert await state(function_app.services) == UNTOUCHED


async def test_a_job_of_a_batch_cannot_set_them_either(
    function_app: FunctionApp, token_issuer: Issuer, job_id: UUID
) -> None:
    batch = {"jobs": [SUBMISSION | {"tenant_id": str(OTHER_TENANT), "priority": 9}]}
    token = callers(token_issuer)["owner"]
    answer = await ask(function_app, "submit_batch", token, job_id, batch)
    assert b'"/jobs/0/priority"' in answer.get_body()
    assert await state(function_app.services) == UNTOUCHED


async def test_a_body_sent_where_none_is_taken_changes_nothing(
    function_app: FunctionApp, token_issuer: Issuer, job_id: UUID
) -> None:
    body = {"status": "succeeded", "tenant_id": str(OTHER_TENANT), "attempts": 3}
    token = callers(token_issuer)["owner"]
    await ask(function_app, "cancel_job", token, job_id, body)
    assert await state(function_app.services) == [("cancelled", TENANT, 0, 0, None)]


async def test_the_document_says_who_may_ask_without_a_token(
    function_app: FunctionApp, job_id: UUID
) -> None:
    answer = await function_app.call("openapi")
    paths: dict[str, Any] = json.loads(answer.get_body())["paths"]
    for endpoint in function_app.endpoints.values():
        if endpoint.name.startswith("z_") or endpoint.name == "take_solve_report":
            continue
        path = "/" + endpoint.route.replace("{app_id}", APP)
        operation = paths[path][endpoint.method.lower()]
        assert (operation.get("security") == []) is (endpoint.name in PUBLIC), path


async def state(services: Services) -> list[tuple[Any, ...]]:
    """Every job, and what became of the dead letter."""
    async with services.database.platform([APP]) as connection:
        cursor = await connection.execute(
            "SELECT job.status, job.tenant_id, job.attempts, job.priority, letter.replayed_as"
            " FROM job LEFT JOIN dead_letter AS letter ON letter.job_id = job.id"
        )
        return [tuple(row.values()) for row in await cursor.fetchall()]
