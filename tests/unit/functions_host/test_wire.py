"""Datums: what the .NET host puts on the wire, read back by azure.functions itself."""

import json
from datetime import UTC, datetime
from uuid import UUID

import azure.functions as func
import pytest
from azure.functions.meta import Datum

from devstack.functions_host.converters import converter_for
from devstack.functions_host.service_bus_wire import batch_datums, output_bodies, single_datums
from devstack.functions_host.wire import (
    HttpCall,
    ScheduleStatus,
    http_datum,
    rpc_datum,
    timer_datum,
)

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "kind", "sent"),
    [
        ("x", "string", "x"),
        (b"x", "bytes", b"x"),
        (1.5, "double", 1.5),
        (7, "json", "7"),
        ({"a": [1, None]}, "json", '{"a": [1, null]}'),
        (NOON, "json", '"2026-01-02T12:00:00Z"'),
        (UUID(int=1), "json", '"00000000-0000-0000-0000-000000000001"'),
    ],
)
def test_a_value_gets_the_kind_that_the_host_gives_it(
    value: object, kind: str, sent: object
) -> None:
    assert rpc_datum(value) == Datum(sent, kind)


def test_an_http_request_loses_its_empty_query_values() -> None:
    call = HttpCall("GET", "http://h/x", {"a": "1"}, {"q": "1,2", "empty": ""}, {"id": "7"}, b"")

    request = converter_for("httpTrigger").decode(http_datum(call), trigger_metadata={})

    assert isinstance(request, func.HttpRequest)
    assert dict(request.params) == {"q": "1,2"}
    assert dict(request.route_params) == {"id": "7"}
    assert request.headers["A"] == "1"
    assert request.get_body() == b""


def test_a_timer_tells_its_status_only_when_it_is_monitored() -> None:
    status = ScheduleStatus(None, NOON, NOON)

    monitored = json.loads(timer_datum(status, is_past_due=True).value)
    plain = json.loads(timer_datum(None, is_past_due=False).value)

    assert monitored["IsPastDue"] is True
    assert monitored["ScheduleStatus"] == {
        "Last": "0001-01-01T00:00:00",
        "Next": "2026-01-02T12:00:00Z",
        "LastUpdated": "2026-01-02T12:00:00Z",
    }
    assert plain == {
        "Schedule": {"AdjustForDST": True},
        "ScheduleStatus": None,
        "IsPastDue": False,
    }


def _properties(number: int) -> dict[str, object]:
    return {
        "MessageId": f"m{number}",
        "DeliveryCount": number,
        "SequenceNumber": 40 + number,
        "EnqueuedTimeUtc": "2026-01-02T12:00:00.5",
        "ApplicationProperties": {"n": number},
        "UserProperties": {"n": number},
    }


def test_one_service_bus_message_is_read_back_with_its_metadata() -> None:
    trigger, metadata = single_datums("{ü}".encode(), _properties(1), is_binary=False)

    message = converter_for("serviceBusTrigger").decode(trigger, trigger_metadata=metadata)

    assert isinstance(message, func.ServiceBusMessage)
    assert message.get_body() == "{ü}".encode()
    assert message.message_id == "m1"
    assert message.delivery_count == 1
    assert message.sequence_number == 41
    assert message.application_properties == {"n": 1}
    assert message.enqueued_time_utc == datetime(2026, 1, 2, 12, 0, 0, 500_000)  # noqa: DTZ001 - naive, as in Azure


def test_a_body_that_is_not_utf8_becomes_text_with_replacements() -> None:
    text, _ = single_datums(b"a\xff", {}, is_binary=False)
    raw, _ = single_datums(b"a\xff", {}, is_binary=True)

    assert text == Datum("a\ufffd", "string")
    assert raw == Datum(b"a\xff", "bytes")


def test_a_batch_is_read_back_message_by_message() -> None:
    trigger, metadata = batch_datums(
        [b"a", b"b"], [_properties(1), _properties(2)], is_binary=False
    )

    messages = converter_for("serviceBusTrigger").decode(trigger, trigger_metadata=metadata)

    assert isinstance(messages, list)
    assert [(one.get_body(), one.message_id, one.delivery_count) for one in messages] == [
        (b"a", "m1", 1),
        (b"b", "m2", 2),
    ]


@pytest.mark.parametrize(
    ("datum", "bodies"),
    [
        (Datum(b"\x00", "bytes"), [b"\x00"]),
        (Datum("plain", "string"), [b"plain"]),
        (Datum('{"a":1}', "string"), [b'{\n  "a": 1\n}']),
        (Datum('[{"a":1},"x"]', "string"), [b'{\n  "a": 1\n}', b"x"]),
        (Datum("[", "string"), [b"["]),
    ],
)
def test_an_output_is_split_and_indented_as_in_azure(datum: Datum, bodies: list[bytes]) -> None:
    assert output_bodies(datum) == bodies
