"""Encode Python values as AMQP 1.0.

Source: OASIS AMQP 1.0, part 1, section 1.6 (primitive type encodings).
"""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
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

_ONE_BYTE = 0x100


def encode(value: AmqpValue) -> bytes:
    """The bytes of `value`; a plain int takes 32 bits when it fits, 64 otherwise.

    Raises:
        CodecError: the type has no AMQP encoding or the number is out of range.
    """
    encoder = _ENCODERS.get(type(value))
    if encoder is None:
        raise CodecError(f"A {type(value).__name__} has no AMQP encoding.")
    try:
        return encoder(value)
    except (OverflowError, UnicodeEncodeError) as error:
        raise CodecError(f"{value!r} is out of the range of its AMQP type.") from error


def encode_described(code: int, value: AmqpValue) -> bytes:
    """A described value whose descriptor is a small ulong, as all of the protocol's own are."""
    return bytes((0x00, 0x53, code)) + encode(value)


def encode_array(constructor: int, elements: Sequence[bytes]) -> Raw:
    """An array of elements of one constructor, each packed without it."""
    content = bytes((constructor,)) + b"".join(elements)
    head = (len(content) + 4).to_bytes(4) + len(elements).to_bytes(4)
    return Raw(b"\xf0" + head + content)


def encode_symbols(names: Iterable[str]) -> Raw:
    """An array of short symbols."""
    return encode_array(0xA3, [bytes((len(name),)) + name.encode("ascii") for name in names])


def encode_longs(numbers: Iterable[int]) -> Raw:
    """An array of 64 bit integers."""
    return encode_array(0x81, [number.to_bytes(8, signed=True) for number in numbers])


def encode_timestamps(instants_ms: Iterable[int]) -> Raw:
    """An array of timestamps, milliseconds since the epoch."""
    return encode_array(0x83, [instant.to_bytes(8, signed=True) for instant in instants_ms])


def encode_map(entries: Mapping[AmqpKey, AmqpValue]) -> bytes:
    """A map; the order of the entries is kept."""
    content = b"".join(encode(key) + encode(value) for key, value in entries.items())
    return _compound(0xC1, content, 2 * len(entries))


def _compound(short_code: int, content: bytes, count: int) -> bytes:
    if len(content) + 1 < _ONE_BYTE and count < _ONE_BYTE:
        return bytes((short_code, len(content) + 1, count)) + content
    return bytes((short_code + 0x10,)) + struct.pack(">II", len(content) + 4, count) + content


def _variable(short_code: int, content: bytes) -> bytes:
    if len(content) < _ONE_BYTE:
        return bytes((short_code, len(content))) + content
    return bytes((short_code + 0x10,)) + len(content).to_bytes(4) + content


def _sequence(elements: Sequence[AmqpValue]) -> bytes:
    if not elements:
        return b"\x45"
    return _compound(0xC0, b"".join(map(encode, elements)), len(elements))


def _unsigned(zero: int, short_code: int, code: int, width: int) -> Callable[[int], bytes]:
    def encoder(number: int) -> bytes:
        if number == 0:
            return bytes((zero,))
        if 0 < number < _ONE_BYTE:
            return bytes((short_code, number))
        return bytes((code,)) + number.to_bytes(width)

    return encoder


def _signed(code: int, width: int) -> Callable[[int], bytes]:
    return lambda number: bytes((code,)) + number.to_bytes(width, signed=True)


def _int(number: int) -> bytes:
    if -(2**31) <= number < 2**31:
        return b"\x71" + number.to_bytes(4, signed=True)
    return b"\x81" + number.to_bytes(8, signed=True)


def _described(value: Described) -> bytes:
    descriptor = value.descriptor
    if isinstance(descriptor, int) and not isinstance(descriptor, bool):
        descriptor = ULong(descriptor)
    return b"\x00" + encode(descriptor) + encode(value.value)


_ENCODERS: dict[type, Callable[[Any], bytes]] = {
    type(None): lambda _: b"\x40",
    bool: lambda value: b"\x41" if value else b"\x42",
    Raw: bytes,
    UByte: lambda number: b"\x50" + number.to_bytes(1),
    UShort: lambda number: b"\x60" + number.to_bytes(2),
    UInt: _unsigned(0x43, 0x52, 0x70, 4),
    ULong: _unsigned(0x44, 0x53, 0x80, 8),
    int: _int,
    Long: _signed(0x81, 8),
    Timestamp: _signed(0x83, 8),
    float: lambda number: b"\x82" + struct.pack(">d", number),
    UUID: lambda value: b"\x98" + value.bytes,
    bytes: lambda content: _variable(0xA0, content),
    str: lambda text: _variable(0xA1, text.encode()),
    Symbol: lambda text: _variable(0xA3, text.encode("ascii")),
    list: _sequence,
    tuple: _sequence,
    dict: encode_map,
    Described: _described,
}
