# /// script
# dependencies = ["numpy"]
# ///
"""Writes the coloured surface among its buildings as binary glTF.

Part of a Python 3 Script in Rhino 8 (Python 3.9). Colours are linear, as in every glTF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from binary_gltf import Mesh, packed
from drawing import Building, Drawing, colours, full_scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

GREY = 0.62
LOWER, UPPER = np.array([0, 1, 2]), np.array([0, 2, 3])  # triangles of a quad
SRGB_KNEE = 0.04045


def write_gltf(drawing: Drawing) -> bytes:
    """Return a GLB: the surface coloured by hours on 21 March, and the buildings in grey."""
    meshes = [surface_mesh(drawing)]
    if drawing.buildings:
        meshes.append(joined([building_mesh(one) for one in drawing.buildings]))
    return packed(meshes)


def surface_mesh(drawing: Drawing) -> Mesh:
    """Return two triangles for each cell."""
    count = len(drawing.cells)
    first = drawing.cells[0]
    normal = np.cross(first[1] - first[0], first[3] - first[0])
    shades = linear(colours(drawing.exposure / full_scale(drawing.exposure)))
    quads = np.arange(count)[:, None] * 4
    triangles = np.concatenate([quads + LOWER, quads + UPPER])
    return Mesh(
        "surface",
        drawing.cells.reshape(-1, 3),
        np.tile(normal / np.linalg.norm(normal), (4 * count, 1)),
        np.repeat(shades, 4, axis=0),
        triangles.astype(np.uint32),
    )


def building_mesh(building: Building) -> Mesh:
    """Return walls, each with its own corners so that edges stay sharp, and the roof."""
    starts, height_m = building.corners, building.height_m
    ends = np.roll(starts, -1, axis=0)
    count = len(starts)
    ground, top = np.zeros((count, 1)), np.full((count, 1), height_m)
    low = (np.hstack([starts, ground]), np.hstack([ends, ground]))
    high = (np.hstack([ends, top]), np.hstack([starts, top]))
    walls = np.stack([*low, *high], axis=1)
    along = ends - starts
    outward = np.column_stack([along[:, 1], -along[:, 0]]) / np.hypot(*along.T)[:, None]
    quads = np.arange(count)[:, None] * 4
    roof = np.array(triangulated(starts), dtype=np.int64).reshape(-1, 3) + 4 * count
    positions = np.concatenate([walls.reshape(-1, 3), high[1]])
    normals = np.concatenate(
        [np.repeat(np.hstack([outward, ground]), 4, axis=0), np.tile([0.0, 0.0, 1.0], (count, 1))]
    )
    triangles = np.concatenate([quads + LOWER, quads + UPPER, roof])
    grey = np.tile([GREY, GREY, GREY, 1.0], (len(positions), 1))
    return Mesh("context", positions, normals, grey, triangles.astype(np.uint32))


def triangulated(corners: Floats) -> list[tuple[int, int, int]]:
    """Cut ears off a simple counterclockwise polygon; corners in a line make none."""
    left = list(range(len(corners)))
    found: list[tuple[int, int, int]] = []
    while len(left) > 2:  # noqa: PLR2004 - a triangle
        ear = next((at for at in range(len(left)) if is_ear(corners, left, at)), 0)
        before, here, after = left[ear - 1], left[ear], left[(ear + 1) % len(left)]
        if bend(corners[before], corners[here], corners[after]) > 0:
            found.append((before, here, after))
        del left[ear]
    return found


def is_ear(corners: Floats, left: list[int], at: int) -> bool:
    """Tell whether the corner is convex and its triangle holds no other corner."""
    a, b, c = (corners[left[(at + step) % len(left)]] for step in (-1, 0, 1))
    if bend(a, b, c) <= 0:
        return bend(a, b, c) == 0
    others = corners[[one for step, one in enumerate(left) if (step - at + 1) % len(left) > 2]]  # noqa: PLR2004 - neither of the three
    within = (bend(a, b, others) >= 0) & (bend(b, c, others) >= 0) & (bend(c, a, others) >= 0)
    return not np.any(within)


def bend(a: Floats, b: Floats, c: Floats) -> Any:  # noqa: ANN401 - a number, or one for each point
    """Return twice the area of a triangle, positive when it turns left."""
    return (b[0] - a[0]) * (c[..., 1] - a[1]) - (b[1] - a[1]) * (c[..., 0] - a[0])


def joined(meshes: list[Mesh]) -> Mesh:
    """Return one mesh of several."""
    begun = np.cumsum([0] + [len(mesh.positions) for mesh in meshes])[:-1]
    shifted = [mesh.triangles + start for mesh, start in zip(meshes, begun)]  # noqa: B905 - Python 3.9 has no strict zip
    columns = [np.concatenate([mesh[at] for mesh in meshes]) for at in (1, 2, 3)]
    return Mesh(meshes[0].name, *columns, triangles=np.concatenate(shifted).astype(np.uint32))


def linear(srgb: Floats) -> Floats:
    """Return linear colours with an alpha of one.

    Source: IEC 61966-2-1.
    """
    low = srgb / 12.92
    high = ((srgb + 0.055) / 1.055) ** 2.4
    return np.column_stack([np.where(srgb <= SRGB_KNEE, low, high), np.ones(len(srgb))])
