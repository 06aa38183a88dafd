"""Reads the XML archive form (`.ghx`)."""

import base64
import uuid
from collections.abc import Callable
from decimal import Decimal

from contracts.grasshopper import value_types as vt
from contracts.grasshopper.archive import MAX_DEPTH, NO_INDEX, Chunk, Entry
from contracts.grasshopper.errors import GrasshopperFileError
from contracts.grasshopper.xml_tree import XmlNode, parse_xml

ROOT_TAGS = ("Archive", "Fragment")
INFINITIES = {"∞": "inf", "-∞": "-inf"}
INTEGERS = frozenset({vt.BYTE, vt.INT32, vt.INT64, vt.DATE})


def read_xml(content: bytes) -> Chunk:
    """Return the root chunk of a `.ghx` file.

    Raises:
        GrasshopperFileError: Not well-formed, not an archive, or a value does not fit its type.
    """
    root = parse_xml(content)
    if root.tag not in ROOT_TAGS:
        raise GrasshopperFileError(f"the XML root is <{root.tag}>, not <Archive>")
    return _chunk(root, 0)


def _chunk(node: XmlNode, depth: int) -> Chunk:
    if depth > MAX_DEPTH:
        raise GrasshopperFileError("chunks are nested too deep")
    entries, chunks = node.child("items"), node.child("chunks")
    return Chunk(
        node.attributes.get("name", ""),
        _index(node),
        tuple(_entry(child) for child in _counted(entries, "item")),
        tuple(_chunk(child, depth + 1) for child in _counted(chunks, "chunk")),
    )


def _counted(node: XmlNode | None, tag: str) -> list[XmlNode]:
    if node is None:
        return []
    found = [child for child in node.children if child.tag == tag]
    stated = node.attributes.get("count")
    if stated is not None and stated.strip() != str(len(found)):
        raise GrasshopperFileError(f"<{node.tag}> says {stated[:20]} but holds {len(found)}")
    return found


def _index(node: XmlNode) -> int:
    return _whole(node.attributes.get("index", str(NO_INDEX)))


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise GrasshopperFileError(f"'{text[:40]}' is not a whole number") from error


def _entry(node: XmlNode) -> Entry:
    name = node.attributes.get("name", "")
    type_code = _whole(node.attributes.get("type_code", ""))
    try:
        return Entry(name, _index(node), type_code, _value(node, type_code))
    except (ValueError, ArithmeticError) as error:
        raise GrasshopperFileError(f"'{name}' (type {type_code}): {error}") from error


def _value(node: XmlNode, type_code: int) -> vt.Value:
    if type_code in vt.XML_PARTS:
        read = int if type_code in vt.WHOLE_NUMBERS else _float
        return tuple(read(_part(node, tag)) for tag in vt.XML_PARTS[type_code])
    if type_code == vt.STRING:
        return node.text
    if type_code in INTEGERS:
        return int(node.text)
    if type_code in (vt.SINGLE, vt.DOUBLE):
        return _float(node.text)
    read_rare = RARE_VALUES.get(type_code)
    if read_rare is None:
        raise GrasshopperFileError("the type is unknown")
    return read_rare(node)


def _part(node: XmlNode, tag: str) -> str:
    child = node.child(tag)
    if child is None:
        raise GrasshopperFileError(f"<{tag}> is missing")
    return child.text


def _float(text: str) -> float:
    return float(INFINITIES.get(text.strip(), text))


def _color(text: str) -> int:
    channels = bytes(int(part) for part in text.split(";"))
    if len(channels) != len(("alpha", "red", "green", "blue")):
        raise GrasshopperFileError("a colour has four channels")
    return int.from_bytes(channels, "big")


RARE_VALUES: dict[int, Callable[[XmlNode], vt.Value]] = {
    vt.BOOL: lambda node: node.text.strip().lower() in ("true", "1"),
    vt.GUID: lambda node: str(uuid.UUID(node.text.strip())),
    vt.DECIMAL: lambda node: Decimal(node.text.strip()),
    vt.BYTE_ARRAY: lambda node: base64.b64decode(_part(node, "stream")),
    vt.BITMAP: lambda node: base64.b64decode(_part(node, "bitmap")),
    vt.DOUBLE_ARRAY: lambda node: tuple(_float(child.text) for child in node.children),
    vt.COLOR: lambda node: _color(_part(node, "ARGB")),
}
