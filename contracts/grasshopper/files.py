"""Grasshopper files as bytes: `.gh` (binary) and `.ghx` (XML)."""

from contracts.grasshopper.archive import Chunk
from contracts.grasshopper.binary_reader import read_binary
from contracts.grasshopper.binary_writer import write_binary
from contracts.grasshopper.xml_reader import read_xml
from contracts.grasshopper.xml_writer import write_xml

__all__ = ["read_archive", "write_binary", "write_xml"]

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_archive(content: bytes) -> Chunk:
    """Return the root chunk of either form, told apart by the first character.

    Raises:
        GrasshopperFileError: The bytes are neither form.
    """
    start = content[:64].removeprefix(BYTE_ORDER_MARK).lstrip()
    if start.startswith(b"<"):
        return read_xml(content.removeprefix(BYTE_ORDER_MARK).lstrip())
    return read_binary(content)
