"""The smallest file of each media type, for answers without an engine."""

import json
import struct
import zlib
from base64 import b64encode

from contracts.model import ArtifactBinding
from contracts.wire.solve import ArtifactContent


def sample_file(binding: ArtifactBinding) -> ArtifactContent:
    """A file that is what its binding calls it."""
    content = _FILES.get(binding.media_type, b"mock")
    return ArtifactContent(
        kind=binding.kind,
        file_name=binding.file_name,
        media_type=binding.media_type,
        encoding=binding.encoding,
        content=b64encode(content).decode() if binding.encoding == "base64" else content.decode(),
    )


def _png() -> bytes:
    """One grey pixel. Source: PNG (W3C), section 5."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = {b"IHDR": header, b"IDAT": zlib.compress(b"\0\x80"), b"IEND": b""}
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _glb() -> bytes:
    """An empty scene. Source: Khronos, glTF 2.0, section 4.4."""
    text = json.dumps({"asset": {"version": "2.0"}}).encode()
    text += b" " * (-len(text) % 4)
    chunk = struct.pack("<I4s", len(text), b"JSON") + text
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunk)) + chunk


_FILES = {
    "application/geo+json": b'{"type":"FeatureCollection","features":[]}',
    "application/json": b"{}",
    "application/pdf": b"%PDF-1.7\n%%EOF\n",
    "image/jpeg": b"\xff\xd8\xff\xd9",
    "image/png": _png(),
    "image/svg+xml": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
    "model/3dm": b"3D Geometry File Format        8",
    "model/gltf+json": b'{"asset":{"version":"2.0"}}',
    "model/gltf-binary": _glb(),
}
