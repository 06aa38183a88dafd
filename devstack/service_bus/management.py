"""The $management operations of a queue.

Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from devstack.service_bus.content import parse_content
from devstack.service_bus.encoding import encode_longs, encode_timestamps
from devstack.service_bus.errors import AmqpError
from devstack.service_bus.fields import (
    expect_bytes,
    expect_int,
    expect_list,
    expect_map,
    expect_text,
    expect_uuid,
    optional_text,
)
from devstack.service_bus.message_queue import MessageQueue
from devstack.service_bus.requests import Request, encode_answer
from devstack.service_bus.settlement import DeadLetterCause, Outcome, Settlement
from devstack.service_bus.values import AmqpKey, AmqpValue, Symbol

Arguments = Mapping[AmqpKey, AmqpValue]
Answer = dict[AmqpKey, AmqpValue]
_OK, _NO_CONTENT = 200, 204
_RECEIVE_AND_DELETE = 0
_DISPOSITIONS = {
    "completed": Outcome.COMPLETE,
    "abandoned": Outcome.ABANDON,
    "suspended": Outcome.DEAD_LETTER,
    "defered": Outcome.DEFER,  # the wire's own spelling
}


def answer_management(queue: MessageQueue, request: Request) -> bytes:
    """Run one operation; a refusal is an answer with a status and an errorCondition."""
    try:
        value = _run(queue, request)
    except AmqpError as error:
        refusal: Answer = {
            "statusCode": error.status,
            "statusDescription": error.description,
            "errorCondition": Symbol(error.condition),
        }
        return encode_answer(request, refusal)
    status = _NO_CONTENT if value is None else _OK
    return encode_answer(request, {"statusCode": status, "statusDescription": "OK"}, value)


def _run(queue: MessageQueue, request: Request) -> Answer | None:
    operation = _OPERATIONS.get(request.operation)
    if operation is None:
        raise AmqpError(
            "amqp:not-implemented", f"The operation {request.operation} is not emulated.", 501
        )
    return operation(queue, expect_map(request.value, "request body"))


def _renew_lock(queue: MessageQueue, arguments: Arguments) -> Answer:
    tokens = expect_list(arguments.get("lock-tokens"), "lock-tokens")
    ends = [queue.renew(expect_uuid(token, "lock-token")) for token in tokens]
    return {"expirations": encode_timestamps(int(end * 1000) for end in ends)}


def _peek(queue: MessageQueue, arguments: Arguments) -> Answer | None:
    first = expect_int(arguments.get("from-sequence-number"), "from-sequence-number")
    count = expect_int(arguments.get("message-count"), "message-count")
    peeked = [replace(message, lock=None) for message in queue.peek(first, max(count, 0))]
    return {"messages": [{"message": message.encode()} for message in peeked]} if peeked else None


def _schedule(queue: MessageQueue, arguments: Arguments) -> Answer:
    entries = expect_list(arguments.get("messages"), "messages")
    maps = [expect_map(entry, "messages entry") for entry in entries]
    contents = [parse_content(expect_bytes(entry.get("message"), "message")) for entry in maps]
    sequences = [queue.enqueue(content) for content in contents]
    queue.pump()
    return {"sequence-numbers": encode_longs(sequence or 0 for sequence in sequences)}


def _cancel(queue: MessageQueue, arguments: Arguments) -> Answer:
    queue.cancel_scheduled(_sequences(arguments))
    return {}


def _receive_deferred(queue: MessageQueue, arguments: Arguments) -> Answer:
    mode = expect_int(arguments.get("receiver-settle-mode", 1), "receiver-settle-mode")
    taken = queue.take_deferred(_sequences(arguments), deletes=mode == _RECEIVE_AND_DELETE)
    return {
        "messages": [
            {"message": delivery.encoded, "lock-token": delivery.lock_token}
            if delivery.lock_token
            else {"message": delivery.encoded}
            for delivery in taken
        ]
    }


def _update_disposition(queue: MessageQueue, arguments: Arguments) -> Answer:
    status = expect_text(arguments.get("disposition-status"), "disposition-status")
    outcome = _DISPOSITIONS.get(status)
    if outcome is None:
        raise AmqpError("amqp:invalid-field", f"The disposition-status {status} is unknown.")
    cause = DeadLetterCause(
        optional_text(arguments.get("deadletter-reason"), "deadletter-reason"),
        optional_text(arguments.get("deadletter-description"), "deadletter-description"),
    )
    for token in expect_list(arguments.get("lock-tokens"), "lock-tokens"):
        queue.settle(expect_uuid(token, "lock-token"), Settlement(outcome, cause))
    return {}


def _sequences(arguments: Arguments) -> list[int]:
    numbers = expect_list(arguments.get("sequence-numbers"), "sequence-numbers")
    return [expect_int(number, "sequence-number") for number in numbers]


_OPERATIONS: dict[str, Callable[[MessageQueue, Arguments], Answer | None]] = {
    "com.microsoft:renew-lock": _renew_lock,
    "com.microsoft:peek-message": _peek,
    "com.microsoft:schedule-message": _schedule,
    "com.microsoft:cancel-scheduled-message": _cancel,
    "com.microsoft:receive-by-sequence-number": _receive_deferred,
    "com.microsoft:update-disposition": _update_disposition,
}
