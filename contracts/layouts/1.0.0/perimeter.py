# /// script
# dependencies = ["numpy", "shapely"]
# ///
"""Roads along edges: the rings that half a road's width leaves along boundary and exclusions.

A way between blocks and an edge may be narrower than the grid's step; on a ring no way is missed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from geo import geo

if TYPE_CHECKING:
    from read_order import Floats, Whole
    from shapely.geometry.base import BaseGeometry


class Perimeter(NamedTuple):
    """Points (n, 2) of the rings: corners, and where lines of the grid cross.

    `following` is the next point on the ring; `columns` and `rows` number the line that crosses,
    -1 where none does.
    """

    points: Floats
    following: Whole
    columns: Whole
    rows: Whole


def perimeter_of(area: BaseGeometry, xs: Floats, ys: Floats) -> Perimeter:
    """Return the rings of an area, crossed with a grid."""
    empty = np.empty(0, dtype=np.intp)
    whole = Perimeter(np.empty((0, 2)), empty, empty, empty)
    for polygon in geo.get_parts(area):
        for ring in (polygon.exterior, *polygon.interiors):
            part = crossed(geo.get_coordinates(ring), xs, ys)
            start = len(whole.points)
            whole = Perimeter(
                np.concatenate([whole.points, part.points]),
                np.concatenate([whole.following, part.following + start]),
                np.concatenate([whole.columns, part.columns]),
                np.concatenate([whole.rows, part.rows]),
            )
    return whole


def crossed(ring: Floats, xs: Floats, ys: Floats) -> Perimeter:
    """Return the corners of a closed ring and its crossings with the lines, in order."""
    sides = len(ring) - 1
    along_x, share_x, columns = crossings(ring[:, 0], xs)
    along_y, share_y, rows = crossings(ring[:, 1], ys)
    side = np.concatenate([np.arange(sides, dtype=np.intp), along_x, along_y])
    share = np.concatenate([np.zeros(sides), share_x, share_y])
    order = np.lexsort((share, side))
    side, share = side[order], share[order]
    none_x, none_y = np.full(len(along_x), -1), np.full(len(along_y), -1)
    corners = np.full(sides, -1)
    return Perimeter(
        ring[side] + share[:, None] * (ring[side + 1] - ring[side]),
        np.roll(np.arange(len(side), dtype=np.intp), -1),
        np.concatenate([corners, columns, none_y])[order].astype(np.intp),
        np.concatenate([corners, none_x, rows])[order].astype(np.intp),
    )


def crossings(places: Floats, lines: Floats) -> tuple[Whole, Floats, Whole]:
    """Return where sides cross lines: the side, the share of it before the line, the line."""
    start, end = places[:-1, None], places[1:, None]
    sides, numbers = np.nonzero((start - lines) * (end - lines) < 0)
    share = (lines[numbers] - places[sides]) / (places[sides + 1] - places[sides])
    return sides, share, numbers
