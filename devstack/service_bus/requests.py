"""Request and answer over a pair of links: $cbs and $management.

Source: OASIS AMQP Management 1.0; AMQP Claims-Based Security 1.0.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from devstack.service_bus import sections
from devstack.service_bus.decoding import decode
from devstack.service_bus.encoding import encode_described
from devstack.service_bus.fields import expect_map, expect_text
from devstack.service_bus.sections import first_element, split_sections
from devstack.service_bus.values import AmqpKey, AmqpValue, Raw

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Request:
    """One request; the message id keeps its encoded type because the answer repeats it."""

    message_id: Raw
    operation: str
    value: AmqpValue


def parse_request(raw: bytes) -> Request:
    """Read a request message.

    Raises:
        AmqpError: the bytes are no message or name no operation.
    """
    message_id = Raw(b"\x40")
    properties: Mapping[AmqpKey, AmqpValue] = {}
    value: AmqpValue = None
    for section in split_sections(raw):
        if section.code == sections.PROPERTIES:
            message_id = Raw(first_element(raw, section) or message_id)
        elif section.code == sections.APPLICATION_PROPERTIES:
            properties = expect_map(decode(raw, section.value_start)[0], "application properties")
        elif section.code == sections.VALUE:
            value = decode(raw, section.value_start)[0]
    return Request(message_id, expect_text(properties.get("operation"), "operation"), value)


def encode_answer(
    request: Request, properties: dict[AmqpKey, AmqpValue], value: AmqpValue = None
) -> bytes:
    """The answer message; its correlation id is the request's message id."""
    return b"".join(
        (
            encode_described(sections.PROPERTIES, [None] * 5 + [request.message_id]),
            encode_described(sections.APPLICATION_PROPERTIES, properties),
            encode_described(sections.VALUE, value),
        )
    )
