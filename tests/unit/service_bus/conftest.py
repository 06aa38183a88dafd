"""Queues on a clock that the test moves, with a receiver attached."""

from dataclasses import replace
from typing import Any

import pytest

from devstack.service_bus.config import QueueSettings
from devstack.service_bus.content import parse_content
from devstack.service_bus.journal import NoJournal
from devstack.service_bus.message_queue import MessageQueue
from tests.unit.service_bus.fakes import FakeClock, Inbox, MakeQueue, Send, encode_message


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def make_queue(clock: FakeClock, inbox: Inbox) -> MakeQueue:
    """A queue (lock 30 s, three deliveries) with the inbox attached."""

    def build(**changed: Any) -> MessageQueue:
        settings = replace(QueueSettings(lock_s=30, max_delivery_count=3), **changed)
        endless = QueueSettings(lock_s=30, max_delivery_count=None)
        dead_letters = MessageQueue(endless, clock, NoJournal())
        queue = MessageQueue(settings, clock, NoJournal(), dead_letters)
        queue.consumers.add(inbox)
        return queue

    return build


@pytest.fixture
def send() -> Send:
    """Encode, parse, enqueue and deliver one message; 0 for a duplicate, as on the wire."""

    def deliver(queue: MessageQueue, body: str, **properties: Any) -> int:
        content = parse_content(encode_message(body, **properties))
        sequence = queue.enqueue(content)
        queue.pump()
        return sequence or 0

    return deliver
