"""Geometry stored inside a definition: openNURBS in a .NET BinaryFormatter stream, deflated.

The stream holds one byte array (record 0x0F, element type 2): an openNURBS archive.
"""

import base64
import struct
import zlib

import rhino3dm

from devstack.rhino_compute.rhino_geometry.archived import decode_geometry
from devstack.rhino_compute.rhino_geometry.curves import Curve

ARRAY_RECORD = b"\x0f"
BYTE_ELEMENTS = 2
ARCHIVE_START = b"\xfa\x7f\x02"
HEADER_BYTES = 10
MAX_BYTES = 64 * 1024 * 1024
ARCHIVE = {"version": 10000, "archive3dm": 70, "opennurbs": -1869833980}


def decode_internalised(content: bytes) -> Curve | rhino3dm.Point3d | rhino3dm.GeometryBase:
    """Return the geometry.

    Raises:
        ValueError: There is none that rhino3dm reads.
    """
    try:
        stream = zlib.decompressobj(-15).decompress(content, MAX_BYTES)
    except zlib.error as error:
        raise ValueError(f"stored geometry cannot be inflated: {error}") from error
    archive = _archive_in(stream)
    if archive is None:
        raise ValueError("stored geometry holds no openNURBS archive")
    return decode_geometry({**ARCHIVE, "data": base64.b64encode(archive).decode()})


def _archive_in(stream: bytes) -> bytes | None:
    at = stream.find(ARRAY_RECORD)
    while 0 <= at <= len(stream) - HEADER_BYTES:
        _, count, element = struct.unpack_from("<iiB", stream, at + 1)
        start = at + HEADER_BYTES
        is_whole = element == BYTE_ELEMENTS and 0 < count <= len(stream) - start
        if is_whole and stream[start : start + 3] == ARCHIVE_START:
            return stream[start : start + count]
        at = stream.find(ARRAY_RECORD, at + 1)
    return None
