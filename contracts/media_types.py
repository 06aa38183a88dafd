"""The media types of artifacts, and whether contents are what they are called.

A file is handed out under the type that its contract states. So only types that are known here are
served, and none whose contents deny them: a browser shall not meet a page that calls itself an
image.
"""

import re
import struct
from collections.abc import Callable, Mapping

from pydantic import JsonValue

from contracts.errors import JsonTextError
from contracts.json_text import parse_json

_SVG_ROOT = re.compile(rb"\s*(<(\?xml|!--|!DOCTYPE)[^>]*>\s*)*<svg[\s>/]")
_GLB_HEADER = struct.Struct("<4sII")
_GEOJSON_TYPES = {
    *("FeatureCollection", "Feature", "GeometryCollection", "Polygon", "MultiPolygon"),
    *("Point", "MultiPoint", "LineString", "MultiLineString"),
}


def is_known(media_type: str) -> bool:
    """Whether artifacts may have this type."""
    return media_type in _LOOKS


def looks_like(media_type: str, content: bytes) -> bool:
    """Whether the contents begin, or parse, as the type asks."""
    return is_known(media_type) and _LOOKS[media_type](content)


def _begins(signature: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signature)


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


def _is_svg(content: bytes) -> bool:
    return _is_text(content) and _SVG_ROOT.match(content) is not None


def _is_glb(content: bytes) -> bool:
    if len(content) < _GLB_HEADER.size:
        return False
    magic, version, size = _GLB_HEADER.unpack_from(content)
    return magic == b"glTF" and version == 2 and size == len(content)  # noqa: PLR2004 - glTF 2.0


def _json_of(content: bytes) -> JsonValue:
    try:
        return parse_json(content)
    except JsonTextError:
        return None


def _is_geojson(content: bytes) -> bool:
    value = _json_of(content)
    return isinstance(value, dict) and value.get("type") in _GEOJSON_TYPES


def _is_gltf(content: bytes) -> bool:
    value = _json_of(content)
    return isinstance(value, dict) and "asset" in value


_LOOKS: Mapping[str, Callable[[bytes], bool]] = {
    "application/geo+json": _is_geojson,
    "application/json": lambda content: _json_of(content) is not None,
    "application/pdf": _begins(b"%PDF-"),
    "image/jpeg": _begins(b"\xff\xd8\xff"),
    "image/png": _begins(b"\x89PNG\r\n\x1a\n"),
    "image/svg+xml": _is_svg,
    "model/3dm": _begins(b"3D Geometry File Format "),
    "model/gltf+json": _is_gltf,
    "model/gltf-binary": _is_glb,
    "model/obj": _is_text,
    "text/csv": _is_text,
    "text/plain": _is_text,
}
