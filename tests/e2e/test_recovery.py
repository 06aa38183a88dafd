"""Nothing that was accepted is lost: crashes, outages, repeated and poisoned messages."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
from azure.servicebus import ServiceBusClient, ServiceBusMessage, ServiceBusReceiver

from tests.e2e.conftest import Platform, example, wait_until

QUEUE = "jobs-sitefit"


@contextmanager
def bus(platform: Platform) -> Iterator[ServiceBusClient]:
    connection = platform.stack.wiring.function_app()["SERVICEBUS_CONNECTION"]
    with ServiceBusClient.from_connection_string(connection) as client:
        yield client


@contextmanager
def frozen(platform: Platform, part: str) -> Iterator[None]:
    pid = platform.stack.pid(part)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def peeked(queue: ServiceBusReceiver, job_id: str) -> list[str]:
    """The messages of one job that wait in the queue, scheduled ones included."""
    waiting = queue.peek_messages(250, sequence_number=1)
    return [text for message in waiting if job_id in (text := str(message))]


def test_a_repeated_message_changes_nothing(platform: Platform) -> None:
    job = platform.ended(platform.accepted({"value": 32}))
    job_id = job["job_id"]
    ((message,),) = platform.query(
        "SELECT message_json::text FROM outbox WHERE job_id = %s", job_id
    )
    with bus(platform) as client, client.get_queue_sender(QUEUE) as sender:
        sender.send_messages([ServiceBusMessage(message), ServiceBusMessage(message)])
        with client.get_queue_receiver(QUEUE) as queue:
            wait_until(lambda: not peeked(queue, job_id), "both to be settled")
    assert platform.job(job_id) == job
    events = platform.query("SELECT event FROM job_event WHERE job_id = %s ORDER BY seq", job_id)
    assert [event for (event,) in events] == ["job_submitted", "job_claimed", "job_succeeded"]


def test_a_worker_killed_in_the_middle_of_a_job_is_replaced(platform: Platform) -> None:
    with frozen(platform, "compute"):
        job_id = platform.accepted(example("minimal"), "1.0.0")
        wait_until(lambda: platform.status(job_id) == "running", "the claim")
        platform.stack.kill("functions")
    platform.stack.start("functions")
    job = platform.ended(job_id)
    assert job["status"] == "succeeded", job["last_error"]
    assert job["attempts"] >= 2
    assert platform.result(job_id).json()["results"][0]["score"] > 2.6


def test_a_job_is_accepted_while_the_queue_is_down(platform: Platform) -> None:
    platform.stack.stop("service_bus")
    try:
        job_id = platform.accepted({"value": 32})
        assert platform.status(job_id) == "queued"
        readiness = platform.client.get("/health/ready")
        assert readiness.status_code == 503
        assert "queue" in readiness.json()["checks"]
        assert platform.client.get("/health").status_code == 200
    finally:
        platform.stack.start("service_bus")
    assert platform.ended(job_id)["status"] == "succeeded"
    assert platform.result(job_id).json() == {"result": 42}


def test_a_job_waits_for_an_engine_that_is_away(platform: Platform) -> None:
    platform.stack.stop("compute")
    try:
        job_id = platform.accepted({"value": 32})
        wait_until(lambda: platform.job(job_id)["last_error"], "the first failed attempt")
        job = platform.job(job_id)
        assert job["last_error"]["code"] == "engine_unreachable"
        assert job["last_error"]["retryable"] is True
    finally:
        platform.stack.start("compute")
    assert platform.ended(job_id)["status"] == "succeeded"


def test_a_doorbell_rings_again_when_the_database_was_away(platform: Platform) -> None:
    platform.stack.stop("service_bus")
    job_id = platform.accepted({"value": 32})
    ((message,),) = platform.query(
        "UPDATE outbox SET sent_at = now() FROM job WHERE job.id = outbox.job_id AND job.id = %s"
        " RETURNING message_json::text",
        job_id,
    )
    platform.stack.stop("postgres")
    platform.stack.start("service_bus")
    try:
        with bus(platform) as client, client.get_queue_sender(QUEUE) as sender:
            sender.send_messages(ServiceBusMessage(message))
            with client.get_queue_receiver(QUEUE) as queue:
                wait_until(
                    lambda: any('"ring":1' in text for text in peeked(queue, job_id)),
                    "the scheduled doorbell",
                )
    finally:
        platform.stack.start("postgres")
    assert platform.ended(job_id)["status"] == "succeeded"


def test_poison_becomes_a_dead_letter_and_disturbs_nobody(platform: Platform) -> None:
    text = f"{{not a message of {uuid4()}"
    with bus(platform) as client, client.get_queue_sender(QUEUE) as sender:
        sender.send_messages(ServiceBusMessage(text))
    assert platform.ended(platform.accepted({"value": 1}))["status"] == "succeeded"
    rows = wait_until(
        lambda: platform.query(
            "SELECT app_id, tenant_id, job_id, reason, error ->> 'code', attempts"
            " FROM dead_letter WHERE message = %s",
            text,
        ),
        "the dead letter",
    )
    ((app_id, tenant_id, job_id, reason, code, attempts),) = rows
    assert (app_id, tenant_id, job_id) == ("sitefit", None, None)
    assert (reason, code) == ("MaxDeliveryCountExceeded", "unreadable_message")
    assert attempts >= 5


def test_expired_artifacts_are_deleted_with_their_blobs(platform: Platform) -> None:
    job_id = platform.ended(platform.accepted(example("minimal"), "1.0.0"))["job_id"]
    hrefs = [entry["href"] for entry in platform.result(job_id).json()["artifacts"]]
    platform.query("UPDATE artifact SET expires_at = created_at WHERE job_id = %s", job_id)
    platform.run_function("delete_expired_artifacts")
    count = "SELECT count(*) FROM artifact WHERE job_id = %s"
    wait_until(lambda: platform.query(count, job_id) == [(0,)], "the clean-up")
    assert [httpx.get(href).status_code for href in hrefs] == [404, 404]
    outputs = platform.result(job_id).json()
    assert len(outputs["results"]) > 0
    assert all("href" not in entry for entry in outputs["artifacts"])
