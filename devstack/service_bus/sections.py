"""The sections of an encoded message.

Source: OASIS AMQP 1.0, part 3, section 3.2 (message format).
"""

from dataclasses import dataclass

from devstack.service_bus.decoding import decode, skip
from devstack.service_bus.errors import CodecError
from devstack.service_bus.fields import Fields, expect_bytes, expect_list

HEADER = 0x70
DELIVERY_ANNOTATIONS = 0x71
MESSAGE_ANNOTATIONS = 0x72
PROPERTIES = 0x73
APPLICATION_PROPERTIES = 0x74
DATA = 0x75
VALUE = 0x77
FOOTER = 0x78
_SMALL_ULONG = b"\x00\x53"
_ULONG = b"\x00\x80"


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its descriptor and where it and its value lie in the message."""

    code: int
    start: int
    value_start: int
    end: int


def split_sections(raw: bytes) -> list[Section]:
    """The sections in order, values not decoded.

    Raises:
        CodecError: the bytes are no message.
    """
    sections: list[Section] = []
    offset = 0
    while offset < len(raw):
        if raw.startswith(_SMALL_ULONG, offset):
            value_start = offset + 3
            code = int.from_bytes(raw[offset + 2 : value_start])
        elif raw.startswith(_ULONG, offset):
            value_start = offset + 10
            code = int.from_bytes(raw[offset + 2 : value_start])
        else:
            raise CodecError("A message section is expected.")
        if not HEADER <= code <= FOOTER:
            raise CodecError(f"{code:#x} is not a message section.")
        end = skip(raw, value_start)
        sections.append(Section(code, offset, value_start, end))
        offset = end
    return sections


def section_fields(raw: bytes, section: Section, name: str) -> Fields:
    """The fields of a header or properties section."""
    return Fields(name, expect_list(decode(raw, section.value_start)[0], name))


def split_batch(raw: bytes) -> list[bytes]:
    """The encoded messages of a batch: each of its data sections holds one."""
    return [
        expect_bytes(decode(raw, section.value_start)[0], "batch entry")
        for section in split_sections(raw)
        if section.code == DATA
    ]


def first_element(raw: bytes, section: Section) -> bytes | None:
    """The encoded first element of a section's list, null as None, its AMQP type kept."""
    code = raw[section.value_start]
    head = {0xC0: 3, 0xD0: 9}.get(code)
    if head is None:
        return None
    start = section.value_start + head
    if start >= section.end:
        return None
    end = skip(raw, start)
    if end > section.end:
        return None
    element = raw[start:end]
    return None if element == b"\x40" else element
