"""A $management request that is wrong is answered with a status, and changes nothing."""

import uuid
from typing import Any

import pytest

from devstack.service_bus import sections
from devstack.service_bus.decoding import decode
from devstack.service_bus.encoding import encode, encode_described
from devstack.service_bus.errors import AmqpError
from devstack.service_bus.management import answer_management
from devstack.service_bus.requests import Request, parse_request
from devstack.service_bus.sections import split_sections
from devstack.service_bus.values import Raw
from tests.unit.service_bus.fakes import (
    FakeClock,
    Inbox,
    MakeQueue,
    Send,
    encode_message,
)

TOKEN = uuid.UUID(int=7)
MESSAGE_ID = Raw(encode(uuid.UUID(int=1)))


def section_value(answer: bytes, code: int) -> Any:
    section = next(one for one in split_sections(answer) if one.code == code)
    return decode(answer, section.value_start)[0]


def request(operation: str, value: Any = None) -> Request:
    return Request(MESSAGE_ID, f"com.microsoft:{operation}", value)


@pytest.mark.parametrize(
    ("operation", "value", "status", "condition"),
    [
        ("drop-queue", {}, 501, "amqp:not-implemented"),
        ("peek-message", None, 400, "amqp:invalid-field"),
        ("peek-message", [1], 400, "amqp:invalid-field"),
        ("peek-message", {"from-sequence-number": "1"}, 400, "amqp:invalid-field"),
        ("renew-lock", {"lock-tokens": ["no uuid"]}, 400, "amqp:invalid-field"),
        ("renew-lock", {"lock-tokens": [TOKEN]}, 410, "com.microsoft:message-lock-lost"),
        ("schedule-message", {"messages": [{"message": b"junk"}]}, 400, "amqp:decode-error"),
        ("schedule-message", {"messages": [{}]}, 400, "amqp:invalid-field"),
        ("cancel-scheduled-message", {"sequence-numbers": [9]}, 404, None),
        ("receive-by-sequence-number", {"sequence-numbers": [9]}, 404, None),
        ("receive-by-sequence-number", {"sequence-numbers": 9}, 400, "amqp:invalid-field"),
        ("update-disposition", {"disposition-status": "lost"}, 400, "amqp:invalid-field"),
        (
            "update-disposition",
            {"disposition-status": "completed", "lock-tokens": [TOKEN]},
            410,
            "com.microsoft:message-lock-lost",
        ),
    ],
)
def test_a_wrong_request_is_answered_with_its_status(
    make_queue: MakeQueue, operation: str, value: Any, status: int, condition: str | None
) -> None:
    queue = make_queue()
    answer = answer_management(queue, request(operation, value))
    properties = section_value(answer, sections.APPLICATION_PROPERTIES)
    assert properties["statusCode"] == status
    assert properties["errorCondition"] == (condition or "com.microsoft:message-not-found")
    assert len(queue) == 0


def test_the_answer_repeats_the_message_id_with_its_type(make_queue: MakeQueue) -> None:
    body = {"from-sequence-number": 1, "message-count": 5}
    answer = answer_management(make_queue(), request("peek-message", body))
    assert section_value(answer, sections.PROPERTIES)[5] == uuid.UUID(int=1)
    assert section_value(answer, sections.APPLICATION_PROPERTIES)["statusCode"] == 204


def test_a_batch_is_scheduled_whole_or_not_at_all(make_queue: MakeQueue, clock: FakeClock) -> None:
    queue = make_queue()
    good = {"message": encode_message("a", scheduled_at=clock.now + 60)}
    answer_management(queue, request("schedule-message", {"messages": [good, {"message": b"x"}]}))
    assert len(queue) == 0
    answer = answer_management(queue, request("schedule-message", {"messages": [good, good]}))
    assert section_value(answer, sections.VALUE) == {"sequence-numbers": [1, 2]}


def test_a_disposition_settles_by_token(make_queue: MakeQueue, send: Send, inbox: Inbox) -> None:
    queue = make_queue()
    send(queue, "a")
    body = {
        "disposition-status": "suspended",
        "lock-tokens": inbox.tokens,
        "deadletter-reason": "bad",
    }
    answer = answer_management(queue, request("update-disposition", body))
    assert section_value(answer, sections.APPLICATION_PROPERTIES)["statusCode"] == 200
    assert len(queue) == 0


@pytest.mark.parametrize(
    "raw",
    [b"", b"junk", encode_described(sections.APPLICATION_PROPERTIES, {"operation": 5})],
)
def test_bytes_that_are_no_request_are_refused(raw: bytes) -> None:
    with pytest.raises(AmqpError):
        parse_request(raw)
