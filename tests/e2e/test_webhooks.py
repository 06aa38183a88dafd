"""A tenant hears of its jobs' ends, through HTTP and the queue only."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.builders.receiver import Received, Receiver, running_receiver
from tests.e2e.conftest import Platform, wait_until

WEBHOOKS = "/sitefit/webhooks"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


def registered(platform: Platform, **body: Any) -> dict[str, Any]:
    answer = platform.client.post(WEBHOOKS, json=body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == answer.json()["links"]["self"]
    return answer.json()


def received(platform: Platform, receiver: Receiver, count: int) -> list[Received]:
    """The first deliveries; the timer sends them too, this asks for them now."""
    platform.run_function("deliver_webhooks")
    wait_until(lambda: len(receiver.requests) >= count, f"{count} webhooks")
    return receiver.requests[:count]


def log_of(platform: Platform, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    answer = platform.client.get(webhook["links"]["deliveries"])
    assert answer.status_code == 200, answer.text
    return answer.json()["deliveries"]


def test_a_signed_event_tells_of_a_finished_job(platform: Platform, receiver: Receiver) -> None:
    webhook = registered(platform, url=receiver.url)
    job = platform.ended(platform.accepted({"value": 32}))
    (request,) = received(platform, receiver, 1)
    assert request.is_signed_with(webhook["secret"])
    assert request.event["type"] == "job.succeeded"
    assert request.event["data"]["status"] == job["status"]
    assert platform.client.get(request.event["data"]["links"]["self"]).json() == job
    assert platform.client.get(request.event["data"]["links"]["result"]).json() == {"result": 42}
    wait_until(lambda: log_of(platform, webhook)[0]["status"] == "delivered", "the record")
    shown = platform.client.get(webhook["links"]["self"]).json()
    assert "secret" not in shown
    assert webhook == shown | {"secret": webhook["secret"]}
    assert platform.client.get(WEBHOOKS).json() == {"webhooks": [shown]}


def test_a_callback_of_one_job_is_signed_too(platform: Platform, receiver: Receiver) -> None:
    signer = registered(platform, event_types=["job.succeeded"])
    body = {"version": "1.1.0", "inputs": {"value": 7}, "callback_url": receiver.url}
    answer = platform.client.post("/sitefit/jobs/run", json=body)
    assert answer.status_code == 202, answer.text
    platform.ended(platform.accepted({"value": 8}))
    job = platform.ended(answer.json()["job_id"])
    (request,) = received(platform, receiver, 1)
    assert request.is_signed_with(signer["secret"])
    assert request.event["subject"] == job["job_id"]
    (delivery,) = log_of(platform, signer)
    assert delivery["callback_url"] == receiver.url


def test_a_delivery_is_sent_again_by_hand_with_rotated_secrets(
    platform: Platform, receiver: Receiver
) -> None:
    webhook = registered(platform, url=receiver.url)
    platform.ended(platform.accepted({"value": 9}))
    (first,) = received(platform, receiver, 1)
    wait_until(lambda: log_of(platform, webhook)[0]["status"] == "delivered", "the record")
    (delivery,) = log_of(platform, webhook)
    rotated = platform.client.post(f"{webhook['links']['self']}/rotate").json()
    answer = platform.client.post(delivery["links"]["redeliver"])
    assert (answer.status_code, answer.json()["status"]) == (202, "pending")
    second = received(platform, receiver, 2)[1]
    assert (second.id, second.body) == (first.id, first.body)
    assert second.is_signed_with(webhook["secret"])
    assert second.is_signed_with(rotated["secret"])
    assert rotated["secret"] != webhook["secret"]


def test_a_changed_or_deleted_endpoint_hears_accordingly(
    platform: Platform, receiver: Receiver
) -> None:
    webhook = registered(platform, url=receiver.url)
    path = webhook["links"]["self"]
    change = {"event_types": ["job.failed"], "enabled": True}
    assert platform.client.patch(path, json=change).json()["event_types"] == ["job.failed"]
    platform.ended(platform.accepted({"value": 10}))
    assert log_of(platform, webhook) == []
    assert platform.client.delete(path).status_code == 204
    assert platform.client.get(path).status_code == 404


def test_the_log_is_read_page_by_page(platform: Platform, receiver: Receiver) -> None:
    webhook = registered(platform, url=receiver.url)
    for value in range(3):
        platform.ended(platform.accepted({"value": value}))
    path, seen = f"{webhook['links']['deliveries']}?limit=2", list[str]()
    while path:
        page = platform.client.get(path).json()
        seen += [delivery["id"] for delivery in page["deliveries"]]
        path = page["next"]
    assert seen == [delivery["id"] for delivery in log_of(platform, webhook)]
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"url": "ftp://example.com/"}, 422, "/url"),
        ({"url": "http://user@example.com/"}, 422, "/url"),
        ({"url": "http://no-such-host.invalid/"}, 422, "/url"),
        ({"url": 5}, 400, "/url"),
        ({"event_types": []}, 400, "/event_types"),
        ({"event_types": ["job.eaten"]}, 400, "/event_types/0"),
        ({"secret": "whsec_mine"}, 400, "/secret"),
    ],
)
def test_a_bad_endpoint_is_refused_field_by_field(
    platform: Platform, body: dict[str, Any], status: int, pointer: str
) -> None:
    answer = platform.client.post(WEBHOOKS, json=body)
    assert answer.status_code == status, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_a_bad_callback_is_refused_before_the_job_is_written(platform: Platform) -> None:
    body = {"version": "1.1.0", "inputs": {"value": 1}, "callback_url": "gopher://x/"}
    answer = platform.client.post("/sitefit/jobs/run", json=body)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/callback_url"]
    assert platform.client.get("/sitefit/jobs").json()["jobs"] == []


def test_endpoints_are_limited(platform: Platform, receiver: Receiver) -> None:
    for _ in range(10):
        registered(platform, url=receiver.url)
    answer = platform.client.post(WEBHOOKS, json={"url": receiver.url})
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")
