"""Solves that nobody waits for: reports, their signatures, cancelling, the end of the process."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from contracts.wire.solve_callback import check_callback
from tests.builders.inbox import Inbox, listening
from tests.builders.nodes import FakeNode, running_node
from tests.integration.appserver.asking import DEBUG, GRANT_KEY, A, B, addressed, granted
from tests.integration.appserver.pools import until

ASYNC = {"prefer": "wait=3, respond-async"}


@pytest.fixture
async def inbox() -> AsyncIterator[Inbox]:
    async with listening() as box:
        yield box


@pytest.fixture
async def node() -> AsyncIterator[FakeNode]:
    async with running_node(FakeNode()) as node:
        yield node


@pytest.fixture
async def long_client(serve: Callable[..., Any], node: FakeNode, inbox: Inbox) -> httpx.AsyncClient:
    return await serve(
        COMPUTE_URL=node.url,
        APPSERVER_GRANT_KEY=GRANT_KEY,
        CALLBACK_ORIGINS=inbox.url,
        HEARTBEAT_S="0.03",
    )


async def begin(client: httpx.AsyncClient, inbox: Inbox, value: float = 1) -> httpx.Response:
    callback = {"url": f"{inbox.url}/reports", "token": "job-7"}
    asked = addressed({"value": value}, callback=callback)
    return await client.post(DEBUG, json=asked["json"], headers=asked["headers"] | ASYNC)


async def test_the_answer_is_202_and_reports_follow_to_the_result(
    long_client: httpx.AsyncClient, inbox: Inbox, node: FakeNode
) -> None:
    node.gate.clear()
    begun = await begin(long_client, inbox)
    solve_id = begun.json()["solve_id"]
    assert begun.status_code == 202
    assert begun.headers["location"] == f"/solves/{solve_id}"
    assert begun.headers["preference-applied"] == "respond-async"
    await until(lambda: len(inbox.bodies) >= 2)
    shown = await long_client.get(f"/solves/{solve_id}", headers=granted())
    assert shown.json() == {"solve_id": solve_id, "state": "running", "reported": False}
    node.gate.set()
    await until(lambda: inbox.last == "succeeded")
    reports = inbox.reports
    assert {report.event for report in reports[:-1]} == {"heartbeat"}
    assert [report.sequence for report in reports] == [*range(len(reports))]
    assert {(report.solve_id, report.token) for report in reports} == {(solve_id, "job-7")}
    answer = reports[-1].answer
    assert answer is not None
    assert (answer.outputs, (answer.provenance or {})["app_id"]) == ({"result": 11}, "sitefit")
    for signature, body in zip(inbox.signatures, inbox.bodies, strict=True):
        check_callback(GRANT_KEY.encode(), signature, body, datetime.now(UTC))
    state = {"solve_id": solve_id, "state": "succeeded", "reported": True}
    while (await long_client.get(f"/solves/{solve_id}", headers=granted())).json() != state:
        pass


async def test_a_failure_is_reported_with_its_problem_until_it_is_taken(
    long_client: httpx.AsyncClient, inbox: Inbox, node: FakeNode
) -> None:
    node.fault = "definition"
    inbox.answers = [503, 429]
    await begin(long_client, inbox)
    await until(lambda: len(inbox.bodies) == 3)
    last = inbox.reports[-1]
    assert last.event == "failed"
    assert last.problem is not None
    assert (last.problem["code"], last.problem["status"]) == ("definition_error", 422)
    assert len({report.sequence for report in inbox.reports}) == 1  # the same report, again


@pytest.mark.parametrize("status", [404, 410])
async def test_a_receiver_that_is_gone_ends_the_solve_at_the_node(
    long_client: httpx.AsyncClient, inbox: Inbox, node: FakeNode, status: int
) -> None:
    node.gate.clear()
    inbox.answers = [status]
    begun = await begin(long_client, inbox)
    await node.left.wait()
    path = begun.headers["location"]
    while (await long_client.get(path, headers=granted())).json()["state"] != "cancelled":
        pass
    assert len(inbox.bodies) == 1


async def test_a_solve_is_cancelled_by_its_own_tenant(
    long_client: httpx.AsyncClient, inbox: Inbox, node: FakeNode
) -> None:
    node.gate.clear()
    path = (await begin(long_client, inbox)).headers["location"]
    await node.asked.wait()
    for headers in ({}, granted(B), granted(A, "layouts")):
        assert (await long_client.delete(path, headers=headers)).status_code == 403
        assert (await long_client.get(path, headers=headers)).status_code == 403
    assert (await long_client.delete(path, headers=granted())).status_code == 200
    await node.left.wait()
    while (await long_client.get(path, headers=granted())).json()["state"] != "cancelled":
        pass
    assert (await long_client.delete(path, headers=granted())).json()["state"] == "cancelled"
    assert inbox.last in (None, "heartbeat")
    unknown = await long_client.delete("/solves/none", headers=granted())
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("url", "pointer"),
    [
        (None, "/callback"),
        ("http://169.254.169.254/metadata", "/callback/url"),
        ("{inbox}@elsewhere.example/reports", "/callback/url"),
        ("http://user@127.0.0.1/reports", "/callback/url"),
        ("file:///etc/passwd", "/callback/url"),
        ("http://[", "/callback/url"),
    ],
)
async def test_reports_go_to_allowed_origins_only(
    long_client: httpx.AsyncClient, inbox: Inbox, node: FakeNode, url: str | None, pointer: str
) -> None:
    more: dict[str, Any] = (
        {}
        if url is None
        else {"callback": {"url": url.replace("{inbox}", inbox.url), "token": "t"}}
    )
    asked = addressed({"value": 1}, **more)
    response = await long_client.post(DEBUG, json=asked["json"], headers=asked["headers"] | ASYNC)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, pointer)
    assert node.solves == []


async def test_a_redirect_is_not_followed(
    long_client: httpx.AsyncClient, inbox: Inbox, node: FakeNode
) -> None:
    inbox.answers = [302]
    begun = await begin(long_client, inbox)
    await until(lambda: inbox.last == "succeeded" and len(inbox.bodies) == 2)
    assert begun.status_code == 202
    assert len(node.solves) == 1


async def test_inputs_are_checked_before_the_202(
    long_client: httpx.AsyncClient, inbox: Inbox
) -> None:
    response = await begin(long_client, inbox, value=-1)
    assert (response.status_code, response.json()["code"]) == (400, "schema_violation")


async def test_without_a_key_there_are_no_reports(
    serve: Callable[..., Any], node: FakeNode, inbox: Inbox
) -> None:
    client = await serve(COMPUTE_URL=node.url, CALLBACK_ORIGINS=inbox.url)
    assert (await begin(client, inbox)).status_code == 403
