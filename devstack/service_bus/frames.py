"""AMQP frames: bytes from the socket to frames, performatives to bytes.

Source: OASIS AMQP 1.0, part 2, sections 2.3 (framing) and 2.7 (performatives).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from devstack.service_bus.decoding import decode
from devstack.service_bus.encoding import encode_described
from devstack.service_bus.errors import AmqpError, CodecError
from devstack.service_bus.fields import Fields, expect_int, expect_list
from devstack.service_bus.values import AmqpValue, Described, Symbol

AMQP_HEADER = b"AMQP\x00\x01\x00\x00"
SASL_HEADER = b"AMQP\x03\x01\x00\x00"
HEARTBEAT = b"\x00\x00\x00\x08\x02\x00\x00\x00"
MAX_FRAME_BYTES = 65_536
MIN_MAX_FRAME_BYTES = 512
AMQP_KIND, SASL_KIND = 0, 1
_HEAD = struct.Struct(">IBBH")
_WORD_BYTES = 4
_MIN_HEAD_WORDS = 2
_ERROR = 0x1D


class Performative(IntEnum):
    """Descriptors of the frame bodies."""

    OPEN = 0x10
    BEGIN = 0x11
    ATTACH = 0x12
    FLOW = 0x13
    TRANSFER = 0x14
    DISPOSITION = 0x15
    DETACH = 0x16
    END = 0x17
    CLOSE = 0x18
    SASL_MECHANISMS = 0x40
    SASL_INIT = 0x41
    SASL_OUTCOME = 0x44


_FIELD_COUNTS = {
    Performative.OPEN: 10,
    Performative.BEGIN: 8,
    Performative.ATTACH: 14,
    Performative.FLOW: 11,
    Performative.TRANSFER: 11,
    Performative.DISPOSITION: 6,
    Performative.DETACH: 3,
    Performative.END: 1,
    Performative.CLOSE: 1,
    Performative.SASL_MECHANISMS: 1,
    Performative.SASL_OUTCOME: 2,
}


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame with its body decoded; `payload` is what follows the performative."""

    kind: int
    channel: int
    performative: Performative
    fields: Fields
    payload: bytes


def encode_performative(performative: Performative, values: list[AmqpValue]) -> bytes:
    """The body with every field present: SDKs before 7.15 index trailing fields."""
    missing = _FIELD_COUNTS[performative] - len(values)
    return encode_described(performative, values + [None] * missing)


def encode_frame(channel: int, body: bytes, kind: int = AMQP_KIND) -> bytes:
    """A frame of this body."""
    return _HEAD.pack(len(body) + _HEAD.size, _MIN_HEAD_WORDS, kind, channel) + body


def encode_error(error: AmqpError) -> Described:
    """An error value; its third element is never null, because the SDK indexes it."""
    details: list[AmqpValue] = [Symbol(error.condition), error.description, {Symbol("emulator"): 1}]
    return Described(_ERROR, details)


class FrameReader:
    """Cuts the byte stream of one client into protocol headers and frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, chunk: bytes) -> Iterator[bytes | Frame]:
        """Protocol headers (8 bytes) and frames that are complete with this chunk.

        Raises:
            AmqpError: the stream is not AMQP; nothing after this point can be read.
        """
        self._buffer += chunk
        offset = 0
        while len(self._buffer) - offset >= _HEAD.size:
            size = self._unit_size(offset)
            if len(self._buffer) - offset < size:
                break
            unit = bytes(self._buffer[offset : offset + size])
            offset += size
            if unit.startswith(b"AMQP"):
                yield unit
            elif (frame := _parse_frame(unit)) is not None:
                yield frame
        del self._buffer[:offset]

    def _unit_size(self, offset: int) -> int:
        if self._buffer.startswith(b"AMQP", offset):
            return len(AMQP_HEADER)
        size = int.from_bytes(self._buffer[offset : offset + _WORD_BYTES])
        if not _HEAD.size <= size <= MAX_FRAME_BYTES:
            raise _framing_error(f"A frame of {size} bytes is not allowed.")
        return size


def _parse_frame(unit: bytes) -> Frame | None:
    """The frame, or None for an empty one, which only says that the client lives."""
    _, head_words, kind, channel = _HEAD.unpack_from(unit)
    start = head_words * _WORD_BYTES
    if head_words < _MIN_HEAD_WORDS or start > len(unit) or kind not in (AMQP_KIND, SASL_KIND):
        raise _framing_error("The head of a frame is malformed.")
    body = unit[start:]
    if not body:
        return None
    value, end = decode(body)
    if not isinstance(value, Described):
        raise CodecError("A frame body must be a performative.")
    code = expect_int(value.descriptor, "performative")
    if code not in set(Performative):
        raise CodecError(f"The performative {code:#x} is not defined.")
    performative = Performative(code)
    name = performative.name.lower()
    return Frame(
        kind, channel, performative, Fields(name, expect_list(value.value, name)), body[end:]
    )


def _framing_error(description: str) -> AmqpError:
    return AmqpError("amqp:connection:framing-error", description)
