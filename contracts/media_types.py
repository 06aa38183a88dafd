"""The media types of artifacts, and whether contents are what they are called.

A file is handed out under the type that its contract states. So only types that are known here are
served, and none whose contents deny them: a browser shall not meet a page that calls itself an
image. A picture that runs a script is refused as well.
"""

import re
import struct
from collections.abc import Callable, Mapping
from xml.etree import ElementTree as ET

from pydantic import JsonValue

from contracts.errors import JsonTextError
from contracts.json_text import parse_json

_SVG_ROOT = re.compile(rb"\s*(<(\?xml|!--|!DOCTYPE)[^>]*>\s*)*<svg[\s>/]")
_ACTIVE_ELEMENTS = {"script", "foreignobject", "handler", "iframe", "object", "embed"}
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
    """A whole SVG that runs nothing: no script, no handler, no page inside, no entity.

    Source: SVG 2, section 16.3 (script), 13.1 (event attributes), 12.4 (foreignObject).
    """
    if not _is_text(content) or not _SVG_ROOT.match(content) or b"<!ENTITY" in content:
        return False
    try:
        root = ET.fromstring(content)  # noqa: S314 - without entities nothing can grow
    except ET.ParseError:
        return False
    return not any(_is_active(element) for element in root.iter())


def _is_active(element: ET.Element) -> bool:
    names = [_local(name) for name in element.attrib]
    values = ["".join(value.split()).lower() for value in element.attrib.values()]
    return (
        _local(element.tag) in _ACTIVE_ELEMENTS
        or any(name.startswith("on") for name in names)
        or any("javascript:" in value for value in values)
    )


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


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
