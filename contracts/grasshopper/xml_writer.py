"""Writes the XML archive form (`.ghx`), byte for byte the same for the same tree."""

import base64
import re
from collections.abc import Iterator
from decimal import Decimal
from html import escape

from contracts.grasshopper import value_types as vt
from contracts.grasshopper.archive import Chunk, Entry
from contracts.grasshopper.errors import GrasshopperFileError

HEADER = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>'
NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EXACT_INTEGERS = 1e15


def write_xml(root: Chunk) -> bytes:
    """Return the bytes of a `.ghx` file.

    Raises:
        GrasshopperFileError: A text holds characters XML cannot carry, or a type is unknown.
    """
    return ("\n".join([HEADER, *_chunk(root, "Archive", 0)]) + "\n").encode()


def _chunk(chunk: Chunk, tag: str, depth: int) -> Iterator[str]:
    pad = "  " * depth
    yield f"{pad}<{tag}{_named(chunk.name, chunk.index)}>"
    if chunk.entries:
        yield f'{pad}  <items count="{len(chunk.entries)}">'
        yield from (f"{pad}    {_entry(entry)}" for entry in chunk.entries)
        yield f"{pad}  </items>"
    if chunk.chunks:
        yield f'{pad}  <chunks count="{len(chunk.chunks)}">'
        for child in chunk.chunks:
            yield from _chunk(child, "chunk", depth + 2)
        yield f"{pad}  </chunks>"
    yield f"{pad}</{tag}>"


def _named(name: str, index: int) -> str:
    indexed = f' index="{index}"' if index >= 0 else ""
    escaped = _escaped(name).replace("\n", "&#xA;").replace("\t", "&#x9;")
    return f' name="{escaped}"{indexed}'


def _entry(entry: Entry) -> str:
    if entry.type_code not in vt.TYPE_NAMES:
        raise GrasshopperFileError(f"'{entry.name}' has the unknown type {entry.type_code}")
    kind = f' type_name="{vt.TYPE_NAMES[entry.type_code]}" type_code="{entry.type_code}"'
    return f"<item{_named(entry.name, entry.index)}{kind}>{_content(entry)}</item>"


def _content(entry: Entry) -> str:
    match entry.value:
        case bool():
            return "true" if entry.value else "false"
        case str():
            return _escaped(entry.value)
        case bytes():
            tag = "bitmap" if entry.type_code == vt.BITMAP else "stream"
            encoded = base64.b64encode(entry.value).decode()
            return f'<{tag} length="{len(entry.value)}">{encoded}</{tag}>'
        case tuple():
            parts = vt.XML_PARTS.get(entry.type_code, ("double",) * len(entry.value))
            pairs = zip(parts, entry.value, strict=True)
            return "".join(f"<{tag}>{_number(part)}</{tag}>" for tag, part in pairs)
        case int() if entry.type_code == vt.COLOR:
            return f"<ARGB>{';'.join(map(str, entry.value.to_bytes(4, 'big')))}</ARGB>"
        case _:
            return _number(entry.value)


def _number(value: float | Decimal) -> str:
    if isinstance(value, float) and abs(value) < EXACT_INTEGERS and value.is_integer():
        return "-0" if str(value) == "-0.0" else str(int(value))
    return str(value)


def _escaped(text: str) -> str:
    if NOT_XML.search(text):
        raise GrasshopperFileError("a text holds characters that XML cannot carry")
    # A parser turns a bare carriage return into a line feed.
    return escape(text).replace("\r", "&#xD;")
