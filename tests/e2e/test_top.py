"""`python -m devstack top` beside the running stack."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from azure.servicebus import ServiceBusClient, ServiceBusMessage, ServiceBusSubQueue

from tests.e2e.conftest import ROOT, Platform

QUEUE = "jobs-sitefit"


@contextmanager
def bus(platform: Platform) -> Iterator[ServiceBusClient]:
    connection = platform.stack.wiring.function_app()["SERVICEBUS_CONNECTION"]
    with ServiceBusClient.from_connection_string(connection) as client:
        yield client


def top(platform: Platform, *options: str) -> str:
    root = str(platform.stack.settings.root)
    done = subprocess.run(
        [sys.executable, "-m", "devstack", "top", "--root", root, "--once", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def figures(platform: Platform) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of sitefit's queue and of sitefit."""
    shown = json.loads(top(platform, "--json"))
    (queue,) = (queue for queue in shown["queues"] if queue["name"] == QUEUE)
    (app,) = (app for app in shown["apps"] if app["app_id"] == "sitefit")
    return queue, app


def test_top_counts_jobs_and_tells_their_latency(platform: Platform) -> None:
    _, before = figures(platform)
    platform.ended(platform.accepted({"value": 1}))
    _, after = figures(platform)
    assert after["jobs"]["succeeded"] == before["jobs"]["succeeded"] + 1
    assert 0 <= after["seats_in_use"] <= after["seats"] == 4
    assert 1 <= after["sample"] <= 100
    assert 0 < after["p50_ms"] <= after["p95_ms"]


def test_top_shows_what_waits(platform: Platform) -> None:
    """Jobs, and messages that are active, scheduled or dead, while nobody takes them."""
    platform.stack.stop("service_bus")
    job_id = platform.accepted({"value": 1})
    platform.stack.stop("functions")
    platform.stack.start("service_bus")
    try:
        before, _ = figures(platform)
        with bus(platform) as client, client.get_queue_sender(QUEUE) as sender:
            # The first one becomes the dead one.
            sender.send_messages(ServiceBusMessage("{"))
            with client.get_queue_receiver(QUEUE) as receiver:
                (message,) = receiver.receive_messages(1, max_wait_time=10)
                receiver.dead_letter_message(message, reason="test")
            sender.send_messages(ServiceBusMessage("{"))
            later = datetime.now(UTC) + timedelta(hours=1)
            (number,) = sender.schedule_messages(ServiceBusMessage("{"), later)
            queue, app = figures(platform)
            sender.cancel_scheduled_messages(number)
            for where in (None, ServiceBusSubQueue.DEAD_LETTER):
                with client.get_queue_receiver(QUEUE, sub_queue=where) as receiver:
                    receiver.complete_message(receiver.receive_messages(1, max_wait_time=10)[0])
        states = ("active", "scheduled", "dead_letter")
        assert [queue[state] - before[state] for state in states] == [1, 1, 1]
        assert app["jobs"]["queued"] >= 1
        assert app["oldest_waiting_s"] > 0
    finally:
        platform.stack.start("functions")
    assert platform.ended(job_id)["status"] == "succeeded"


def test_top_is_a_plain_table_where_no_terminal_is(platform: Platform) -> None:
    text = top(platform)
    first, *rest = [line.split()[0] for line in text.splitlines() if line]
    assert first == "QUEUE"
    assert QUEUE in rest
    assert text.count("sitefit") == 3
    assert "\x1b" not in text
