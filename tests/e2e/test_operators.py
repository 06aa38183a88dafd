"""Operators find what was given up, and give it another life."""

from typing import Any
from uuid import uuid4

import httpx
from azure.servicebus import ServiceBusClient, ServiceBusMessage, ServiceBusReceiver

from tests.e2e.conftest import Platform, example, wait_until

QUEUE = "jobs-sitefit"
LETTERS = "/sitefit/dead-letters"


def operator(platform: Platform) -> httpx.Client:
    token = platform.stack.token(str(uuid4()), is_operator=True)
    return httpx.Client(
        base_url=platform.stack.functions_url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )


def infeasible() -> dict[str, Any]:
    inputs = example("minimal")
    inputs["house"]["coordinates"] = [[0, 0], [50, 0], [50, 8], [0, 8], [0, 0]]
    return inputs


def test_a_job_that_failed_for_good_is_mended_and_replayed(platform: Platform) -> None:
    job = platform.ended(platform.accepted(infeasible(), "1.0.0"))
    with operator(platform) as client:
        page = client.get(LETTERS, params={"reason": "permanent", "code": "domain_violation"})
        (letter,) = [one for one in page.json()["dead_letters"] if one["job_id"] == job["job_id"]]
        shown = client.get(letter["links"]["self"]).json()
        assert shown["inputs"]["house"] == infeasible()["house"]
        assert shown["error"]["code"] == job["last_error"]["code"]
        assert (shown["version"], shown["attempts"]) == ("1.0.0", 1)
        wrong = client.post(letter["links"]["replay"], json={"inputs": {"crs": "?"}})
        assert wrong.status_code == 400
        mended = client.post(letter["links"]["replay"], json={"inputs": example("minimal")})
        assert mended.status_code == 202, mended.text
        again = client.post(letter["links"]["replay"])
    replay = platform.ended(mended.json()["replayed_as"])
    assert replay["status"] == "succeeded"
    assert (again.status_code, again.json()["code"]) == (409, "invalid_state")
    assert replay["job_id"] in again.json()["detail"]


def test_all_of_an_incident_are_replayed_at_once(platform: Platform) -> None:
    jobs = [platform.ended(platform.accepted(infeasible(), "1.0.0")) for _ in range(2)]
    with operator(platform) as client:
        letters = client.get(LETTERS, params={"limit": 100}).json()["dead_letters"]
        (one, other) = [x for x in letters if x["job_id"] in [job["job_id"] for job in jobs]]
        assert one["fingerprint"] == other["fingerprint"]
        incidents = client.get(LETTERS, params={"group": "fingerprint"}).json()["incidents"]
        assert one["fingerprint"] in [incident["fingerprint"] for incident in incidents]
        body = {"fingerprint": one["fingerprint"], "limit": 100}
        outcomes = client.post(f"{LETTERS}/replay", json=body).json()["outcomes"]
    mine = [x["replayed_as"] for x in outcomes if x["id"] in (one["id"], other["id"])]
    assert len(mine) == 2
    for job_id in mine:
        assert platform.ended(job_id)["last_error"]["code"] == "domain_violation"


WAITING_COPY = """
INSERT INTO job (id, tenant_id, app_id, definition, version, status, inputs_hash, payload_json,
                 correlation_id, created_at, expires_at, next_attempt_at)
SELECT %s, tenant_id, app_id, definition, version, 'queued', inputs_hash, payload_json,
       correlation_id, now(), now() + interval '1 day', now() + interval '1 hour'
FROM job WHERE id = %s
"""


def test_an_outage_makes_no_dead_letter(platform: Platform) -> None:
    """A doorbell whose deliveries were used up is rung again while its job waits."""
    ended = platform.ended(platform.accepted({"value": 1}))["job_id"]
    ((text,),) = platform.query("SELECT message_json::text FROM outbox WHERE job_id = %s", ended)
    waiting = str(uuid4())
    platform.query(WAITING_COPY, waiting, ended)
    connection = platform.stack.wiring.function_app()["SERVICEBUS_CONNECTION"]
    platform.stack.stop("functions")
    with ServiceBusClient.from_connection_string(connection) as bus:
        try:
            with bus.get_queue_sender(QUEUE) as sender:
                sender.send_messages(ServiceBusMessage(text.replace(ended, waiting)))
            with bus.get_queue_receiver(QUEUE) as queue:
                give_up(queue, waiting)
        finally:
            platform.stack.start("functions")
        with bus.get_queue_receiver(QUEUE) as queue:
            wait_until(lambda: rung_again(queue, waiting), "the doorbell that rings later")
    count = "SELECT count(*) FROM dead_letter WHERE job_id = %s"
    assert platform.query(count, waiting) == [(0,)]
    platform.query("DELETE FROM job WHERE id = %s", waiting)


def give_up(queue: ServiceBusReceiver, job_id: str) -> None:
    for message in queue.receive_messages(100, max_wait_time=5):
        if job_id in str(message):
            queue.dead_letter_message(message, reason="MaxDeliveryCountExceeded")
        else:
            queue.abandon_message(message)


def rung_again(queue: ServiceBusReceiver, job_id: str) -> bool:
    peeked = [str(message) for message in queue.peek_messages(100, sequence_number=1)]
    return any(job_id in text and '"ring":1' in text for text in peeked)
