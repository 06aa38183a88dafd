"""Service Bus messages as Datums, and Datums as Service Bus messages.

The keys are exactly those of Microsoft.Azure.WebJobs.Extensions.ServiceBus 5.x; that is why
``time_to_live``, ``locked_until`` and ``dead_letter_reason`` are None in a Python function.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from azure.functions.meta import Datum
from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.amqp import AmqpMessageBodyType

from devstack.functions_host.converters import Datums
from devstack.functions_host.wire import json_datum, rpc_datum

_TEXT_KEYS = (
    "DeadLetterSource",
    "LockToken",
    "MessageId",
    "ContentType",
    "ReplyTo",
    "To",
    "Subject",
    "Label",
    "CorrelationId",
    "SessionId",
    "ReplyToSessionId",
    "PartitionKey",
    "TransactionPartitionKey",
)
_JSON_KEYS = (
    "DeliveryCount",
    "ApplicationProperties",
    "UserProperties",
    "ExpiresAt",
    "ExpiresAtUtc",
    "EnqueuedTime",
    "EnqueuedTimeUtc",
)

Properties = Mapping[str, object]


def message_body(message: ServiceBusReceivedMessage) -> bytes:
    """The body; AMQP value and sequence bodies, which the SDK for Python never sends, as text."""
    if message.body_type is AmqpMessageBodyType.DATA:
        return b"".join(cast("Sequence[bytes]", message.body))
    return str(message).encode()


def message_properties(message: ServiceBusReceivedMessage) -> Properties:
    """The binding keys of one message, without those that are null."""
    custom = {
        _text(key): _text(value) if isinstance(value, bytes) else value
        for key, value in (message.application_properties or {}).items()
    }
    found: dict[str, object] = {
        # The SDK counts earlier deliveries, the extension this one too.
        "DeliveryCount": (message.delivery_count or 0) + 1,
        "SequenceNumber": message.sequence_number,
        "DeadLetterSource": message.dead_letter_source,
        "LockToken": str(message.lock_token) if message.lock_token else None,
        "MessageId": message.message_id,
        "ContentType": message.content_type,
        "ReplyTo": message.reply_to,
        "To": message.to,
        "Subject": message.subject,
        "Label": message.subject,
        "CorrelationId": message.correlation_id,
        "SessionId": message.session_id,
        "ReplyToSessionId": message.reply_to_session_id,
        "PartitionKey": message.partition_key,
        "ApplicationProperties": custom,
        "UserProperties": custom,
        **_instants("ExpiresAt", message.expires_at_utc),
        **_instants("EnqueuedTime", message.enqueued_time_utc),
    }
    return {key: value for key, value in found.items() if value is not None}


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _instants(key: str, instant: datetime | None) -> dict[str, object]:
    if instant is None:
        return {}
    utc = instant.astimezone(UTC)
    fraction = f".{utc.microsecond:06d}".rstrip("0") if utc.microsecond else ""
    text = f"{utc:%Y-%m-%dT%H:%M:%S}{fraction}"
    # DateTimeOffset.UtcDateTime travels without a zone: Python gets a naive datetime.
    return {f"{key}Utc": text, key: f"{text}+00:00"}


def single_datums(body: bytes, found: Properties, *, is_binary: bool) -> tuple[Datum, Datums]:
    """Trigger Datum and metadata for cardinality one."""
    data = Datum(body, "bytes") if is_binary else Datum(body.decode("utf-8", "replace"), "string")
    return data, {key: _metadatum(key, value) for key, value in found.items()}


def _metadatum(key: str, value: object) -> Datum:
    return json_datum(value) if key in _JSON_KEYS else rpc_datum(value)


def batch_datums(
    bodies: Sequence[bytes], found: Sequence[Properties], *, is_binary: bool
) -> tuple[Datum, Datums]:
    """Trigger Datum and metadata for cardinality many.

    Text arrays lose their null and empty entries on the wire, so that indexes shift: a
    limitation of the Python worker in Azure too.
    """
    if is_binary:
        data = Datum(SimpleNamespace(bytes=list(bodies)), "collection_bytes")
    else:
        texts = [body.decode("utf-8", "replace") for body in bodies if body]
        data = Datum(SimpleNamespace(string=texts), "collection_string")
    columns = {key: [one.get(key) for one in found] for key in (*_TEXT_KEYS, *_JSON_KEYS)}
    metadata = {f"{key}Array": _column(key, values) for key, values in columns.items()}
    numbers = [one.get("SequenceNumber") or 0 for one in found]
    metadata["SequenceNumberArray"] = Datum(SimpleNamespace(sint64=numbers), "collection_sint64")
    return data, metadata


def _column(key: str, values: list[object]) -> Datum:
    if key in _TEXT_KEYS:
        return Datum(SimpleNamespace(string=[one for one in values if one]), "collection_string")
    return json_datum(values)


def output_bodies(datum: Datum) -> list[bytes]:
    """What the host sends for a Service Bus output.

    Text that looks like JSON is parsed: an array becomes one message per element, an object is
    written again with indentation. Source: azure-functions-host issues 9815 and 11319.

    Raises:
        ValueError: the text looks like JSON and is not.
    """
    if datum.type == "bytes":
        return [bytes(datum.value)]
    text = str(datum.value)
    ends = text.strip()[:1] + text.strip()[-1:]
    if ends not in {"{}", "[]"}:
        return [text.encode()]
    parsed = cast("object", json.loads(text))
    elements = cast("list[object]", parsed) if isinstance(parsed, list) else [parsed]
    return [
        (one if isinstance(one, str) else json.dumps(one, indent=2, ensure_ascii=False)).encode()
        for one in elements
    ]
