"""Decode AMQP 1.0 values; hostile bytes raise CodecError and nothing else.

Source: OASIS AMQP 1.0, part 1, section 1.6 (primitive type encodings).
"""

import struct
from collections.abc import Callable
from uuid import UUID

from devstack.service_bus.errors import CodecError
from devstack.service_bus.values import (
    AmqpKey,
    AmqpValue,
    Described,
    Long,
    Raw,
    Symbol,
    Timestamp,
    UByte,
    UInt,
    ULong,
    UShort,
)

MAX_DEPTH = 32
MAX_EMPTY_ELEMENTS = 65_536  # an array of nulls has no bytes that would bound its length
_DESCRIBED = 0x00
_WIDTHS = {0x4: 0, 0x5: 1, 0x6: 2, 0x7: 4, 0x8: 8, 0x9: 16}
_SIZE_WIDTHS = {0xA: 1, 0xB: 4, 0xC: 1, 0xD: 4, 0xE: 1, 0xF: 4}


def decode(buffer: bytes, offset: int = 0) -> tuple[AmqpValue, int]:
    """The value at `offset` and the offset after it.

    Raises:
        CodecError: the bytes are truncated, malformed or nested deeper than MAX_DEPTH.
    """
    try:
        return _decode_value(buffer, offset, 0)
    except (IndexError, OverflowError, ValueError, struct.error) as error:
        raise CodecError(f"Malformed AMQP value at byte {offset}: {error}.") from error


def skip(buffer: bytes, offset: int, depth: int = 0) -> int:
    """The offset after the value at `offset`, without decoding it."""
    if offset >= len(buffer) or depth > MAX_DEPTH:
        raise CodecError("The value is truncated or nested too deeply.")
    code = buffer[offset]
    if code == _DESCRIBED:
        return skip(buffer, skip(buffer, offset + 1, depth + 1), depth + 1)
    start = offset + 1
    size_width = _SIZE_WIDTHS.get(code >> 4)
    if size_width is not None:
        width = size_width + int.from_bytes(_take(buffer, start, size_width))
    elif code >> 4 in _WIDTHS:
        width = _WIDTHS[code >> 4]
    else:
        raise CodecError(f"The constructor {code:#04x} is not defined.")
    if start + width > len(buffer):
        raise CodecError("The value is truncated.")
    return start + width


def split_map(buffer: bytes, offset: int) -> dict[AmqpKey, Raw]:
    """The entries of a map, each value left encoded so that its type survives."""
    code = buffer[offset] if offset < len(buffer) else 0
    if code not in (0xC1, 0xD1):
        raise CodecError("A map is expected.")
    start, end, count = _compound_span(buffer, offset + 1, _SIZE_WIDTHS[code >> 4])
    entries: dict[AmqpKey, Raw] = {}
    for _ in range(count // 2):
        key, value_start = decode(buffer, start)
        start = skip(buffer, value_start)
        entries[_as_key(key)] = Raw(buffer[value_start:start])
    if start > end:
        raise CodecError("The map is longer than its size.")
    return entries


def _take(buffer: bytes, offset: int, width: int) -> bytes:
    part = buffer[offset : offset + width]
    if len(part) != width:
        raise CodecError("The value is truncated.")
    return part


def _as_key(value: AmqpValue) -> AmqpKey:
    if value is None or isinstance(value, (bool, int, float, str, bytes, UUID)):
        return value
    raise CodecError("A compound value cannot be a key or a descriptor.")


def _decode_value(buffer: bytes, offset: int, depth: int) -> tuple[AmqpValue, int]:
    if depth > MAX_DEPTH:
        raise CodecError(f"Values are nested deeper than {MAX_DEPTH}.")
    code = buffer[offset]
    if code != _DESCRIBED:
        return _decode_body(buffer, offset + 1, code, depth)
    descriptor, offset = _decode_value(buffer, offset + 1, depth + 1)
    value, offset = _decode_value(buffer, offset, depth + 1)
    return Described(_as_key(descriptor), value), offset


def _decode_body(buffer: bytes, offset: int, code: int, depth: int) -> tuple[AmqpValue, int]:
    fixed = _FIXED.get(code)
    if fixed is not None:
        width = _WIDTHS[code >> 4]
        return fixed(_take(buffer, offset, width)), offset + width
    size_width = _SIZE_WIDTHS.get(code >> 4, 0)
    variable = _VARIABLE.get(code)
    if variable is not None:
        size = int.from_bytes(_take(buffer, offset, size_width))
        start = offset + size_width
        return variable(_take(buffer, start, size)), start + size
    start, end, count = _compound_span(buffer, offset, size_width)
    if code in (0xC0, 0xD0):
        return _decode_elements(buffer, start, end, count, depth), end
    if code in (0xC1, 0xD1):
        flat = _decode_elements(buffer, start, end, count, depth)
        return {_as_key(key): value for key, value in zip(flat[::2], flat[1::2], strict=True)}, end
    if code in (0xE0, 0xF0):
        return _decode_array(buffer, start, end, count, depth), end
    raise CodecError(f"The constructor {code:#04x} is not defined.")


def _compound_span(buffer: bytes, offset: int, size_width: int) -> tuple[int, int, int]:
    """Start of the elements, end, count."""
    if size_width == 0:
        raise CodecError("The constructor is not defined.")
    size = int.from_bytes(_take(buffer, offset, size_width))
    end = offset + size_width + size
    start = offset + 2 * size_width
    if end > len(buffer) or start > end:
        raise CodecError("The compound value is truncated.")
    return start, end, int.from_bytes(_take(buffer, offset + size_width, size_width))


def _decode_elements(
    buffer: bytes, start: int, end: int, count: int, depth: int
) -> list[AmqpValue]:
    if count > end - start:
        raise CodecError("More elements than bytes.")
    elements: list[AmqpValue] = []
    for _ in range(count):
        element, start = _decode_value(buffer, start, depth + 1)
        elements.append(element)
    if start > end:
        raise CodecError("The elements are longer than their list.")
    return elements


def _decode_array(buffer: bytes, start: int, end: int, count: int, depth: int) -> list[AmqpValue]:
    if depth > MAX_DEPTH or count > max(end - start, MAX_EMPTY_ELEMENTS):
        raise CodecError("The array is too long or nested too deeply.")
    code, start = buffer[start], start + 1
    if code == _DESCRIBED:
        _, start = _decode_value(buffer, start, depth + 1)
        code, start = buffer[start], start + 1
    elements: list[AmqpValue] = []
    for _ in range(count):
        element, start = _decode_body(buffer, start, code, depth + 1)
        elements.append(element)
    if start > end:
        raise CodecError("The elements are longer than their array.")
    return elements


def _real(layout: str) -> Callable[[bytes], AmqpValue]:
    return lambda raw: struct.unpack(layout, raw)[0]


_FIXED: dict[int, Callable[[bytes], AmqpValue]] = {
    0x40: lambda _: None,
    0x41: lambda _: True,
    0x42: lambda _: False,
    0x43: lambda _: UInt(0),
    0x44: lambda _: ULong(0),
    0x45: lambda _: [],
    0x50: UByte.from_bytes,
    0x51: lambda raw: int.from_bytes(raw, signed=True),
    0x52: UInt.from_bytes,
    0x53: ULong.from_bytes,
    0x54: lambda raw: int.from_bytes(raw, signed=True),
    0x55: lambda raw: Long.from_bytes(raw, signed=True),
    0x56: lambda raw: raw != b"\x00",
    0x60: UShort.from_bytes,
    0x61: lambda raw: int.from_bytes(raw, signed=True),
    0x70: UInt.from_bytes,
    0x71: lambda raw: int.from_bytes(raw, signed=True),
    0x72: _real(">f"),
    0x73: lambda raw: chr(int.from_bytes(raw)),
    0x74: bytes,  # the decimals stay opaque: no part of the protocol uses them
    0x80: ULong.from_bytes,
    0x81: lambda raw: Long.from_bytes(raw, signed=True),
    0x82: _real(">d"),
    0x83: lambda raw: Timestamp.from_bytes(raw, signed=True),
    0x84: bytes,
    0x94: bytes,
    0x98: lambda raw: UUID(bytes=raw),
}
_VARIABLE: dict[int, Callable[[bytes], AmqpValue]] = {
    0xA0: bytes,
    0xA1: bytes.decode,
    0xA3: lambda raw: Symbol(raw.decode("ascii")),
    0xB0: bytes,
    0xB1: bytes.decode,
    0xB3: lambda raw: Symbol(raw.decode("ascii")),
}
