"""Reads the binary archive form: one raw-deflated root chunk, little endian.

Source: GH_IO's `GH_LooseChunk` and .NET's BinaryReader (7-bit encoded string lengths).
"""

import gc
import struct
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from contracts.grasshopper import value_types as vt
from contracts.grasshopper.archive import MAX_DEPTH, Chunk, Entry
from contracts.grasshopper.errors import GrasshopperFileError

MAX_INFLATED_BYTES = 64 << 20
MIN_ENTRY_BYTES = 10
MIN_CHUNK_BYTES = 13
MAX_LENGTH_SHIFT = 28

_CONTINUED = 0x80  # bit of a byte of a 7-bit encoded length that more bytes follow
_INT32 = struct.Struct("<i")
_TWO_INT32 = struct.Struct("<ii")
_SINGLES = {
    code: struct.Struct(layout)
    for code, layout in vt.FIXED_LAYOUTS.items()
    if len(struct.unpack(layout, bytes(struct.calcsize(layout)))) == 1
}
_LAYOUTS = {code: struct.Struct(layout) for code, layout in vt.FIXED_LAYOUTS.items()}


def read_binary(content: bytes) -> Chunk:
    """Return the root chunk of a `.gh` file.

    Raises:
        GrasshopperFileError: Not a complete archive, or one beyond the limits.
    """
    cursor = _Cursor(_inflate(content))
    try:
        with _collector_paused():
            root = _read_chunk(cursor, 0)
    except (struct.error, UnicodeDecodeError) as error:
        raise GrasshopperFileError(f"the archive is damaged: {error}") from error
    if cursor.left:
        raise GrasshopperFileError(f"{cursor.left} bytes follow the root chunk")
    return root


@contextmanager
def _collector_paused() -> Generator[None]:
    """The tree has no cycles; looking for some while it grows takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


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
    """Walks the stream; a large archive has some hundred thousand fields, so each step is short."""

    content: bytes
    position: int = 0

    @property
    def left(self) -> int:
        return len(self.content) - self.position

    def take(self, size: int) -> bytes:
        start, end = self.position, self.position + size
        if size < 0 or end > len(self.content):
            raise GrasshopperFileError(f"the archive ends early, at byte {start}")
        self.position = end
        return self.content[start:end]

    def unpack(self, layout: struct.Struct) -> tuple[float, ...]:
        found = layout.unpack_from(self.content, self.position)
        self.position += layout.size
        return found

    def int32(self) -> int:
        (found,) = _INT32.unpack_from(self.content, self.position)
        self.position += 4
        return found

    def text(self) -> str:
        start = self.position
        length = self.content[start] if start < len(self.content) else 0
        end = start + 1 + length
        if length < _CONTINUED and end <= len(self.content):  # nearly all of them
            self.position = end
            return self.content[start + 1 : end].decode()
        return self._long_text()

    def _long_text(self) -> str:
        length = shift = 0
        while True:
            byte = self.take(1)[0]
            length |= (byte & 0x7F) << shift
            if byte < _CONTINUED:
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
    entries = tuple([_read_entry(cursor) for _ in range(entry_count)])
    chunks = tuple([_read_chunk(cursor, depth + 1) for _ in range(chunk_count)])
    return Chunk(name, index, entries, chunks)


def _read_entry(cursor: _Cursor) -> Entry:
    """One entry; what nearly all of them are is read here without a call a field."""
    name = cursor.text()
    content, start = cursor.content, cursor.position + 8
    index, type_code = _TWO_INT32.unpack_from(content, cursor.position)
    cursor.position = start
    layout = _SINGLES.get(type_code)
    if layout is not None:
        (value,) = layout.unpack_from(content, start)
        cursor.position = start + layout.size
        return Entry(name, index, type_code, value)
    if type_code == vt.STRING:
        return Entry(name, index, type_code, cursor.text())
    return Entry(name, index, type_code, _read_value(cursor, type_code, name))


def _read_value(cursor: _Cursor, type_code: int, name: str) -> vt.Value:
    if type_code in _LAYOUTS:
        parts = cursor.unpack(_LAYOUTS[type_code])
        return parts[0] if len(parts) == 1 else parts
    if type_code == vt.GUID:
        return _guid(cursor.take(16))
    if type_code == vt.STRING:
        return cursor.text()
    if type_code in (vt.BYTE_ARRAY, vt.BITMAP):
        return cursor.take(cursor.int32())
    if type_code == vt.DOUBLE_ARRAY:
        return cursor.unpack(struct.Struct(f"<{cursor.count(8)}d"))
    if type_code == vt.DECIMAL:
        return _decimal(cursor.take(16))
    raise GrasshopperFileError(f"'{name}' has the unknown type {type_code}")


def _guid(payload: bytes) -> str:
    """The text of a .NET GUID: its first three fields are little endian."""
    fields = (payload[3::-1], payload[5:3:-1], payload[7:5:-1], payload[8:10], payload[10:])
    return "-".join([field.hex() for field in fields])


def _decimal(payload: bytes) -> Decimal:
    digits = int.from_bytes(payload[:12], "little")
    flags = int.from_bytes(payload[12:], "little")
    sign = 1 if flags >> 31 else 0
    return Decimal((sign, tuple(int(d) for d in str(digits)), -((flags >> 16) & 0xFF)))
