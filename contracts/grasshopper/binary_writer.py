"""Writes the binary archive form (see `binary_reader`)."""

import struct
import uuid
import zlib
from decimal import Decimal

from contracts.grasshopper import value_types as vt
from contracts.grasshopper.archive import Chunk, Entry
from contracts.grasshopper.errors import GrasshopperFileError

CONTINUES = 0x80
MAX_DECIMAL_SCALE = 28


def write_binary(root: Chunk) -> bytes:
    """Return the bytes of a `.gh` file.

    Raises:
        GrasshopperFileError: A value does not fit its type.
    """
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    try:
        plain = _chunk(root)
    except (struct.error, UnicodeEncodeError, ValueError, TypeError) as error:
        raise GrasshopperFileError(f"the archive cannot be written: {error}") from error
    return stream.compress(plain) + stream.flush()


def _chunk(chunk: Chunk) -> bytes:
    header = struct.pack("<3i", chunk.index, len(chunk.entries), len(chunk.chunks))
    entries = b"".join(_entry(entry) for entry in chunk.entries)
    return _text(chunk.name) + header + entries + b"".join(_chunk(c) for c in chunk.chunks)


def _entry(entry: Entry) -> bytes:
    header = struct.pack("<2i", entry.index, entry.type_code)
    return _text(entry.name) + header + _value(entry)


def _value(entry: Entry) -> bytes:
    value, layout = entry.value, vt.FIXED_LAYOUTS.get(entry.type_code)
    if layout:
        return struct.pack(layout, *(value if isinstance(value, tuple) else (value,)))
    match value:
        case str() if entry.type_code == vt.GUID:
            return uuid.UUID(value).bytes_le
        case str() if entry.type_code == vt.STRING:
            return _text(value)
        case bytes() if entry.type_code in (vt.BYTE_ARRAY, vt.BITMAP):
            return struct.pack("<i", len(value)) + value
        case tuple() if entry.type_code == vt.DOUBLE_ARRAY:
            return struct.pack(f"<i{len(value)}d", len(value), *value)
        case Decimal() if entry.type_code == vt.DECIMAL:
            return _decimal(value)
        case _:
            raise GrasshopperFileError(f"'{entry.name}' does not fit type {entry.type_code}")


def _text(value: str) -> bytes:
    encoded = value.encode()
    length, prefix = len(encoded), bytearray()
    while length >= CONTINUES:
        prefix.append(length & 0x7F | CONTINUES)
        length >>= 7
    return bytes([*prefix, length]) + encoded


def _decimal(value: Decimal) -> bytes:
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or -exponent > MAX_DECIMAL_SCALE:
        raise GrasshopperFileError(f"{value} is not a .NET decimal")
    magnitude = int("".join(map(str, digits))) * 10 ** max(exponent, 0)
    if magnitude >> 96:
        raise GrasshopperFileError(f"{value} is too large for a .NET decimal")
    return magnitude.to_bytes(12, "little") + struct.pack(
        "<I", max(-exponent, 0) << 16 | sign << 31
    )
