"""Reads the binary archive form: one raw-deflated root chunk, little endian.

Source: GH_IO's `GH_LooseChunk` and .NET's BinaryReader (7-bit encoded string lengths).
"""

import struct
import uuid
import zlib
from dataclasses import dataclass
from decimal import Decimal

from contracts.grasshopper import value_types as vt
from contracts.grasshopper.archive import MAX_DEPTH, Chunk, Entry
from contracts.grasshopper.errors import GrasshopperFileError

MAX_INFLATED_BYTES = 64 << 20
MIN_ENTRY_BYTES = 10
MIN_CHUNK_BYTES = 13
MAX_LENGTH_SHIFT = 28


def read_binary(content: bytes) -> Chunk:
    """Return the root chunk of a `.gh` file.

    Raises:
        GrasshopperFileError: Not a complete archive, or one beyond the limits.
    """
    cursor = _Cursor(_inflate(content))
    try:
        root = _read_chunk(cursor, 0)
    except (struct.error, UnicodeDecodeError) as error:
        raise GrasshopperFileError(f"the archive is damaged: {error}") from error
    if cursor.left:
        raise GrasshopperFileError(f"{cursor.left} bytes follow the root chunk")
    return root


def _inflate(content: bytes) -> bytes:
    stream = zlib.decompressobj(wbits=-15)
    try:
        inflated = stream.decompress(content, MAX_INFLATED_BYTES)
    except zlib.error as error:
        raise GrasshopperFileError(f"neither XML nor a deflated archive ({error})") from error
    if not stream.eof or stream.unused_data:
        raise GrasshopperFileError(
            "the deflated archive is cut short, too large or followed by more"
        )
    return inflated


@dataclass(slots=True)
class _Cursor:
    content: bytes
    position: int = 0

    @property
    def left(self) -> int:
        return len(self.content) - self.position

    def take(self, size: int) -> bytes:
        if not 0 <= size <= self.left:
            raise GrasshopperFileError(f"the archive ends early, at byte {self.position}")
        self.position += size
        return self.content[self.position - size : self.position]

    def unpack(self, layout: str) -> tuple[float, ...]:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))

    def int32(self) -> int:
        return int.from_bytes(self.take(4), "little", signed=True)

    def text(self) -> str:
        length = shift = 0
        while True:
            byte = self.take(1)[0]
            length |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 - the continuation bit of a 7-bit encoded length
                return self.take(length).decode()
            shift += 7
            if shift > MAX_LENGTH_SHIFT:
                raise GrasshopperFileError("a text has an impossible length")

    def count(self, smallest_bytes: int) -> int:
        count = self.int32()
        if not 0 <= count * smallest_bytes <= self.left:
            raise GrasshopperFileError(f"an impossible count at byte {self.position}: {count}")
        return count


def _read_chunk(cursor: _Cursor, depth: int) -> Chunk:
    if depth > MAX_DEPTH:
        raise GrasshopperFileError("chunks are nested too deep")
    name, index = cursor.text(), cursor.int32()
    entry_count = cursor.count(MIN_ENTRY_BYTES)
    chunk_count = cursor.count(MIN_CHUNK_BYTES)
    entries = tuple(_read_entry(cursor) for _ in range(entry_count))
    chunks = tuple(_read_chunk(cursor, depth + 1) for _ in range(chunk_count))
    return Chunk(name, index, entries, chunks)


def _read_entry(cursor: _Cursor) -> Entry:
    name, index, type_code = cursor.text(), cursor.int32(), cursor.int32()
    return Entry(name, index, type_code, _read_value(cursor, type_code, name))


def _read_value(cursor: _Cursor, type_code: int, name: str) -> vt.Value:
    if type_code in vt.FIXED_LAYOUTS:
        parts = cursor.unpack(vt.FIXED_LAYOUTS[type_code])
        return parts[0] if len(parts) == 1 else parts
    if type_code == vt.GUID:
        return str(uuid.UUID(bytes_le=cursor.take(16)))
    if type_code == vt.STRING:
        return cursor.text()
    if type_code in (vt.BYTE_ARRAY, vt.BITMAP):
        return cursor.take(cursor.int32())
    if type_code == vt.DOUBLE_ARRAY:
        return cursor.unpack(f"<{cursor.count(8)}d")
    if type_code == vt.DECIMAL:
        return _decimal(cursor.take(16))
    raise GrasshopperFileError(f"'{name}' has the unknown type {type_code}")


def _decimal(payload: bytes) -> Decimal:
    digits = int.from_bytes(payload[:12], "little")
    flags = int.from_bytes(payload[12:], "little")
    sign = 1 if flags >> 31 else 0
    return Decimal((sign, tuple(int(d) for d in str(digits)), -((flags >> 16) & 0xFF)))
