"""What a sender put into a message: parsed once, its bare parts kept as bytes."""

from dataclasses import dataclass, replace

from devstack.service_bus import sections
from devstack.service_bus.decoding import decode, split_map
from devstack.service_bus.encoding import encode_described
from devstack.service_bus.errors import FieldError
from devstack.service_bus.fields import Fields
from devstack.service_bus.sections import first_element, section_fields, split_sections
from devstack.service_bus.values import AmqpKey, AmqpValue, Raw

SCHEDULED_TIME = "x-opt-scheduled-enqueue-time"


@dataclass(frozen=True, slots=True)
class Content:
    """A message as sent; decode and re-encode would lose AMQP types, so most of it stays bytes."""

    raw: bytes
    header: Fields
    annotations: dict[AmqpKey, Raw]
    properties: bytes
    application_properties: bytes
    body: bytes
    message_id: bytes | None
    """Encoded, so that a string never equals a uuid or a number."""
    ttl_s: float | None
    scheduled_at: float | None
    """Epoch seconds."""


def parse_content(raw: bytes) -> Content:
    """Read a message that a client sent.

    Raises:
        CodecError: the bytes are no message.
        FieldError: the header or an annotation has the wrong type.
    """
    header = Fields("header", [])
    annotations: dict[AmqpKey, Raw] = {}
    properties = application_properties = b""
    message_id: bytes | None = None
    body: list[bytes] = []
    for section in split_sections(raw):
        whole = raw[section.start : section.end]
        if section.code == sections.HEADER:
            header = section_fields(raw, section, "header")
        elif section.code == sections.MESSAGE_ANNOTATIONS:
            annotations = split_map(raw, section.value_start)
        elif section.code == sections.PROPERTIES:
            properties, message_id = whole, first_element(raw, section)
        elif section.code == sections.APPLICATION_PROPERTIES:
            split_map(raw, section.value_start)
            application_properties = whole
        elif section.code != sections.DELIVERY_ANNOTATIONS:
            body.append(whole)
    return Content(
        raw=raw,
        header=header,
        annotations=annotations,
        properties=properties,
        application_properties=application_properties,
        body=b"".join(body),
        message_id=message_id,
        ttl_s=_ttl_s(header),
        scheduled_at=_scheduled_at(annotations),
    )


def with_application_properties(content: Content, added: dict[AmqpKey, AmqpValue]) -> Content:
    """The same content with more application properties, such as the dead-letter reason."""
    present: dict[AmqpKey, AmqpValue] = {}
    if content.application_properties:
        section = split_sections(content.application_properties)[0]
        present.update(split_map(content.application_properties, section.value_start))
    encoded = encode_described(sections.APPLICATION_PROPERTIES, present | added)
    return replace(content, application_properties=encoded)


def _ttl_s(header: Fields) -> float | None:
    ttl_ms = header.number(2, 0)
    return ttl_ms / 1000 if ttl_ms else None


def _scheduled_at(annotations: dict[AmqpKey, Raw]) -> float | None:
    encoded = annotations.get(SCHEDULED_TIME)
    if encoded is None:
        return None
    instant_ms = decode(encoded)[0]
    if instant_ms is None:
        return None
    if isinstance(instant_ms, bool) or not isinstance(instant_ms, int):
        raise FieldError(f"{SCHEDULED_TIME} must be a timestamp.")
    return instant_ms / 1000
