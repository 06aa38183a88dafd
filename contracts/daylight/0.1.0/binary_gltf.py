# /// script
# dependencies = ["numpy"]
# ///
"""Packs meshes into one binary glTF file (GLB).

Part of a Python 3 Script in Rhino 8 (Python 3.9). glTF has y up: (east, up, south).

Source: Khronos, glTF 2.0 specification, sections 3.6 and 4.4.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.uint32]

MAGIC, VERSION, JSON_CHUNK, BIN_CHUNK = 0x46546C67, 2, 0x4E4F534A, 0x004E4942
FLOAT, BYTE, INT = 5126, 5121, 5125
VERTICES, INDICES = 34962, 34963


class Mesh(NamedTuple):
    """Triangles: positions and normals (vertices, 3), colours (vertices, 4), places (n, 3)."""

    name: str
    positions: Floats
    normals: Floats
    colours: Floats
    triangles: Places


class Buffer(NamedTuple):
    """The bytes of a file, and what describes them."""

    content: bytearray
    views: list[dict[str, Any]]
    accessors: list[dict[str, Any]]

    def add(self, values: NDArray[Any], target: int, kind: str, **more: object) -> int:
        """Append values, one row for each vertex or index; return their accessor's number."""
        component = {"f": FLOAT, "u": INT if values.itemsize == 4 else BYTE}[values.dtype.kind]  # noqa: PLR2004 - bytes
        view = {"buffer": 0, "byteOffset": len(self.content), "byteLength": values.nbytes}
        self.views.append({**view, "target": target})
        self.content.extend(values.tobytes())
        accessor = {"bufferView": len(self.views) - 1, "componentType": component}
        self.accessors.append({**accessor, "count": len(values), "type": kind, **more})
        return len(self.accessors) - 1


def packed(meshes: list[Mesh]) -> bytes:
    """Return the meshes, one node each, with one rough material."""
    buffer = Buffer(bytearray(), [], [])
    written = [{"name": one.name, "primitives": [primitive(buffer, one)]} for one in meshes]
    content = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": list(range(len(meshes)))}],
        "nodes": [{"name": one.name, "mesh": at} for at, one in enumerate(meshes)],
        "meshes": written,
        "materials": [{"pbrMetallicRoughness": {"metallicFactor": 0.0, "roughnessFactor": 1.0}}],
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "buffers": [{"byteLength": len(buffer.content)}],
    }
    text = json.dumps(content, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), JSON_CHUNK) + text
    chunks += struct.pack("<II", len(buffer.content), BIN_CHUNK) + bytes(buffer.content)
    header = struct.pack("<III", MAGIC, VERSION, struct.calcsize("<III") + len(chunks))
    return header + chunks


def primitive(buffer: Buffer, mesh: Mesh) -> dict[str, Any]:
    """Add the arrays of a mesh; every one of them fills whole groups of four bytes."""
    positions = y_up(mesh.positions)
    bounds = {"min": positions.min(axis=0).tolist(), "max": positions.max(axis=0).tolist()}
    shades = np.round(mesh.colours * 255).astype(np.uint8)
    attributes = {
        "POSITION": buffer.add(positions, VERTICES, "VEC3", **bounds),
        "NORMAL": buffer.add(y_up(mesh.normals), VERTICES, "VEC3"),
        "COLOR_0": buffer.add(shades, VERTICES, "VEC4", normalized=True),
    }
    indices = buffer.add(mesh.triangles.reshape(-1), INDICES, "SCALAR")
    return {"attributes": attributes, "indices": indices, "material": 0}


def y_up(vectors: Floats) -> NDArray[np.float32]:
    """Return (east, north, up) as (east, up, south)."""
    return np.column_stack([vectors[:, 0], vectors[:, 2], -vectors[:, 1]]).astype(np.float32)
