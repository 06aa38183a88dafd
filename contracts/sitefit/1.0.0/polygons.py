# /// script
# dependencies = ["numpy"]
# ///
"""Polygons as numpy arrays: areas, signed distances, and cuts, for many polygons at once.

Part of a Python 3 Script in Rhino 8 (Python 3.9). Lengths are metres; arrays of points have shape
(..., n, 2). Rings are simple polygons in either direction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

TOUCH_M = 1e-9  # closer than this is touching, and touching is inside


class Point(Protocol):
    """The part of Rhino.Geometry.Point3d that is read."""

    X: float
    Y: float


class Curve(Protocol):
    """The part of Rhino.Geometry.Curve that is read."""

    def TryGetPolyline(self) -> tuple[bool, Iterable[Point]]:  # noqa: N802 - RhinoCommon's name
        """Return whether the curve is a polyline, and its points."""
        ...


class Ring(NamedTuple):
    """A simple polygon: its corners, and the edge that leaves each of them."""

    corners: Floats
    edges: Floats


def read_ring(curve: Curve, name: str) -> Floats:
    """Return the corners of a closed polyline, the first not repeated."""
    # RhinoCommon has a second overload that adds the segments' parameters.
    is_polyline, polyline = curve.TryGetPolyline()[:2]
    if not is_polyline:
        raise ValueError(f"{name} is not a polyline")
    points = [(float(point.X), float(point.Y)) for point in polyline]
    corners = [point for index, point in enumerate(points) if point != points[index - 1]]
    if len(corners) < 3 or points[0] != points[-1]:  # noqa: PLR2004 - a triangle
        raise ValueError(f"{name} is not a closed ring")
    return np.array(corners)


def ring_of(corners: Floats) -> Ring:
    """Add the edges to the corners of one or many polygons."""
    return Ring(corners, np.roll(corners, -1, axis=-2) - corners)


def area_and_centroid(corners: Floats) -> tuple[float, Floats]:
    """Return the area and the centroid of a polygon."""
    origin = corners[0]
    here = corners - origin
    after = np.roll(here, -1, axis=0)
    cross = here[:, 0] * after[:, 1] - after[:, 0] * here[:, 1]
    doubled = float(cross.sum())
    if doubled == 0:
        raise ValueError("a ring has no area")
    centroid = ((here + after) * cross[:, None]).sum(axis=0) / (3 * doubled)
    return abs(doubled) / 2, origin + centroid


def clearances(points: Floats, ring: Ring) -> Floats:
    """Return each point's distance to the ring: positive inside, negative outside."""
    away = points[..., :, None, :] - ring.corners[..., None, :, :]
    dx, dy = away[..., 0], away[..., 1]
    ex, ey = ring.edges[..., None, :, 0], ring.edges[..., None, :, 1]
    along = np.clip((dx * ex + dy * ey) / (ex * ex + ey * ey), 0.0, 1.0)
    distance = np.sqrt(((dx - along * ex) ** 2 + (dy - along * ey) ** 2).min(axis=-1))
    # An edge's end is the next one's start: rounding must not put one corner on two sides.
    is_below = dy < 0
    straddles = is_below != np.roll(is_below, -1, axis=-1)
    crosses = straddles & ((dx * ey < dy * ex) == (ey > 0))
    inside = np.count_nonzero(crosses, axis=-1) % 2 == 1
    sign = inside * 2.0 - 1.0
    return distance * sign


def inner_point(corners: Floats) -> Floats:
    """Return a point well inside a polygon: half-way along its widest level chord."""
    levels = np.unique(corners[:, 1])
    gap = int(np.argmax(np.diff(levels)))
    level = (levels[gap] + levels[gap + 1]) / 2
    after = np.roll(corners, -1, axis=0)
    cut = (corners[:, 1] < level) != (after[:, 1] < level)
    start, edge = corners[cut], (after - corners)[cut]
    crossings = np.sort(start[:, 0] + (level - start[:, 1]) * edge[:, 0] / edge[:, 1])
    widest = 2 * int(np.argmax(crossings[1::2] - crossings[::2]))
    return np.array([(crossings[widest] + crossings[widest + 1]) / 2, level])


def is_cut(house: Ring, parcel: Ring) -> Flags:
    """Tell which footprints have a piece of the parcel's boundary in their interior.

    Each parcel edge is divided where it meets the lines of the footprint's edges; a piece is
    inside or outside as a whole, so its middle decides.
    """
    ex, ey = house.edges[:, None, :, 0], house.edges[:, None, :, 1]
    px, py = parcel.edges[None, :, None, 0], parcel.edges[None, :, None, 1]
    away = house.corners[:, None, :, :] - parcel.corners[None, :, None, :]
    across = px * ey - py * ex
    is_parallel = np.abs(across) < 1e-12  # noqa: PLR2004 - no division by almost nothing
    meets = (away[..., 0] * ey - away[..., 1] * ex) / np.where(is_parallel, 1.0, across)
    cuts = np.clip(np.where(is_parallel, 0.0, meets), 0.0, 1.0)
    ends = np.zeros((*cuts.shape[:2], 1))
    cuts = np.sort(np.concatenate([ends, cuts, ends + 1], axis=-1), axis=-1)
    middles = (cuts[..., 1:] + cuts[..., :-1]) / 2
    points = parcel.corners[:, None, :] + middles[..., None] * parcel.edges[:, None, :]
    flat = points.reshape(len(points), -1, 2)
    return clearances(flat, house).max(axis=1) > TOUCH_M
