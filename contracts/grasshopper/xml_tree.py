"""Parses untrusted XML into plain nodes: no DOCTYPE, hence no entities; bounded depth."""

from dataclasses import dataclass, field
from xml.parsers import expat

from contracts.grasshopper.archive import MAX_DEPTH
from contracts.grasshopper.errors import GrasshopperFileError

MAX_XML_BYTES = 64 << 20
MAX_XML_DEPTH = 2 * MAX_DEPTH + 8


@dataclass(slots=True)
class XmlNode:
    """One element; `text` is the character content directly inside it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    children: list["XmlNode"] = field(default_factory=list["XmlNode"])

    def child(self, tag: str) -> "XmlNode | None":
        """Return the first child of that tag."""
        return next((child for child in self.children if child.tag == tag), None)


@dataclass(slots=True)
class _Growth:
    """The elements that are open while the parser runs; `path[0]` holds the document."""

    path: list[XmlNode]
    texts: list[list[str]]

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.path) > MAX_XML_DEPTH:
            raise GrasshopperFileError("XML elements are nested too deep")
        node = XmlNode(tag, attributes)
        self.path[-1].children.append(node)
        self.path.append(node)
        self.texts.append([])

    def close(self, _tag: str) -> None:
        self.path.pop().text = "".join(self.texts.pop())

    def write(self, text: str) -> None:
        self.texts[-1].append(text)


def parse_xml(content: bytes) -> XmlNode:
    """Return the root element.

    Raises:
        GrasshopperFileError: Not well-formed, too large, too deep, or with a DOCTYPE.
    """
    if len(content) > MAX_XML_BYTES:
        raise GrasshopperFileError("the XML is too large")
    growth = _Growth([XmlNode("", {})], [[]])
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = growth.open
    parser.EndElementHandler = growth.close
    parser.CharacterDataHandler = growth.write
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat takes its arguments by position only
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise GrasshopperFileError(f"not well-formed XML: {error}") from error
    return growth.path[0].children[0]


def _refuse_doctype(*_declaration: object) -> None:
    raise GrasshopperFileError("XML with a DOCTYPE is refused")
