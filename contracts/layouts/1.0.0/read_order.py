# /// script
# dependencies = ["numpy", "shapely"]
# ///
"""Reads what is asked for: the site, the blocks, the rows, the roads.

Part of a Python 3 Script in Rhino 8 (Python 3.9, shapely 2.0). Lengths are metres. Everything is
moved so that the site's minimum corner is the origin: large coordinates cost digits.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from geo import geo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Whole = NDArray[np.intp]

ROUNDING = 1e-9
NOTHING_M = 1e-6  # a distance that is none


class Vertex(Protocol):
    """The part of Rhino.Geometry.Point3d that is read."""

    X: float
    Y: float


class Outline(Protocol):
    """The part of Rhino.Geometry.Curve that is read."""

    def TryGetPolyline(self) -> tuple[bool, Iterable[Vertex]]:  # noqa: N802 - RhinoCommon's name
        """Return whether the curve is a polyline, and its points."""
        ...


class Site(NamedTuple):
    """Where things may stand; `closed` are the exclusion zones, `origin` was subtracted."""

    origin: Floats
    ground: BaseGeometry
    closed: BaseGeometry
    entrance: Floats


class Block(NamedTuple):
    """One block of the plant; `width_m` lies along the row, `gap_m` between neighbours."""

    width_m: float
    depth_m: float
    gap_m: float
    rating_kw: float


class Order(NamedTuple):
    """Everything else that is asked for; `slope_limit` is a ratio."""

    block: Block
    block_count: int
    angles_deg: Floats
    spacing_m: float
    setback_m: float
    road_m: float
    slope_limit: float
    seed: int


def read_site(boundary: Outline, holes: str, exclusions: str, entrance: str) -> Site:
    """Read the outlines (JSON lists of rings, but for the boundary) and the entrance ([x, y]).

    Raises:
        ValueError: The boundary is not a polyline.
    """
    # RhinoCommon has a second overload that adds the segments' parameters.
    is_polyline, polyline = boundary.TryGetPolyline()[:2]
    if not is_polyline:
        raise ValueError("the boundary is not a polyline")
    corners = np.array([(float(point.X), float(point.Y)) for point in polyline])
    origin = corners.min(axis=0)
    outer = geo.Polygon(corners - origin)
    return Site(
        origin=origin,
        ground=outer.difference(united(json.loads(holes), origin)),
        closed=united(json.loads(exclusions), origin),
        entrance=np.array(json.loads(entrance), dtype=np.float64)[:2] - origin,
    )


def united(rings: list[list[list[float]]], origin: Floats) -> BaseGeometry:
    """Return the area of all rings together."""
    areas = [geo.Polygon(np.array(ring, dtype=np.float64)[:, :2] - origin) for ring in rings]
    return geo.union_all(areas)


def read_block(text: str) -> Block:
    """Read `{"width_m", "depth_m", "gap_m", "rating_kw"}`."""
    stated: dict[str, float] = json.loads(text)
    block = Block(*(float(stated[name]) for name in Block._fields))
    if not (block.width_m > 0 and block.depth_m > 0 and block.rating_kw > 0):
        raise ValueError("a block needs a positive width, depth and rating")
    return block


def read_rows(text: str) -> tuple[Floats, float]:
    """Read `{"orientation": {"min", "max", "step"}, "spacing_m"}`: angles in degrees, the gap.

    A row that is turned by half a circle is the same row, so no angle repeats another.
    """
    stated: dict[str, Any] = json.loads(text)
    first, last, step = (float(stated["orientation"][name]) for name in ("min", "max", "step"))
    if not step > 0 or not first <= last:
        raise ValueError("the orientation needs min <= max and a positive step")
    steps = math.floor((last - first) / step + ROUNDING) + 1
    angles = np.unique(np.round((first + np.arange(steps, dtype=np.float64) * step) % 180, 9))
    return angles, float(stated["spacing_m"])


def blocks_for(target_kw: float, rating_kw: float) -> int:
    """Return how many blocks reach the target: never more than a block above it."""
    return max(1, math.ceil(target_kw / rating_kw - ROUNDING))


def turned(points: Floats, angle_deg: float) -> Floats:
    """Return points, shape (..., 2), turned counterclockwise about the origin."""
    if angle_deg % 360 == 0:
        return points
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return points @ np.array([[cos, sin], [-sin, cos]])


def turned_shape(shape: BaseGeometry, angle_deg: float) -> BaseGeometry:
    """Return a shape, turned counterclockwise about the origin."""

    def turn(points: Floats) -> Floats:
        return turned(points, angle_deg)

    return geo.transform(shape, turn)


def inset(shape: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Return the part of a shape that keeps a distance from its edges (mitred: never nearer)."""
    return geo.buffer(shape, -distance_m, join_style="mitre") if distance_m > NOTHING_M else shape


def outset(shape: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Return a shape with everything that is near it (mitred: never less)."""
    return geo.buffer(shape, distance_m, join_style="mitre") if distance_m > NOTHING_M else shape
