# /// script
# dependencies = ["numpy", "shapely"]
# ///
"""Levels pads: the height at which cut equals fill, and how much earth that moves.

Exact for the triangulated ground: each pad is divided along the triangles' edges, and what lies
above and below a level has a closed form on every piece. Volumes are cubic metres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from geo import geo
from read_terrain import Terrain, heights_at, triangles_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from read_order import Floats, Whole

    Flags = NDArray[np.bool_]

NO_AREA_M2 = 1e-9


class Earthwork(NamedTuple):
    """Of each pad: its level, what is dug off above it and filled up below it."""

    levels_m: Floats
    cut_m3: Floats
    fill_m3: Floats


class Facets(NamedTuple):
    """Triangles of ground under the pads: corners' heights (n, 3), areas, and whose they are."""

    heights_m: Floats
    areas_m2: Floats
    pads: Whole


def level_pads(terrain: Terrain, pads: Floats) -> Earthwork:
    """Level pads, shape (n, 4, 2), each at its balance height."""
    facets = facets_under(terrain, pads)
    areas, owners = facets.areas_m2, facets.pads
    ground = sums(areas * facets.heights_m.mean(axis=1), owners, len(pads))
    levels = ground / sums(areas, owners, len(pads))
    above = facets.heights_m - levels[owners][:, None]
    cut = sums(volume_above(above, areas), owners, len(pads))
    fill = sums(volume_above(-above, areas), owners, len(pads))
    return Earthwork(levels, cut, fill)


def sums(values: Floats, owners: Whole, count: int) -> Floats:
    """Return the sum of the values of each owner."""
    return np.bincount(owners, weights=values, minlength=count).astype(np.float64)


def volume_above(heights: Floats, areas: Floats) -> Floats:
    """Return the volume between zero and what rises above it over triangles.

    The heights (n, 3) of the corners vary linearly in between. One corner above: a pyramid over
    the cut-off corner. Two above: the whole prism less the pyramid below.
    """
    low, middle, high = np.sort(heights, axis=1).T
    with np.errstate(divide="ignore", invalid="ignore"):
        top = high**3 / ((high - low) * (high - middle))
        pit = -(low**3) / ((middle - low) * (high - low))
    total = low + middle + high
    cases = [high <= 0, low >= 0, middle > 0]
    return areas * np.select(cases, [np.zeros_like(total), total, total + pit], top) / 3


def facets_under(terrain: Terrain, pads: Floats) -> Facets:
    """Divide pads along the ground's triangles."""
    owners, cells = cells_under(terrain, pads)
    triangles = triangles_of(terrain, cells).reshape(-1, 3, 2)
    owners = np.repeat(owners, 2)
    is_near = may_overlap(pads[owners], triangles)
    owners = owners[is_near]
    pieces = geo.intersection(geo.polygons(pads)[owners], geo.polygons(triangles[is_near]))
    is_area = geo.area(pieces) > NO_AREA_M2
    corners, pads_of_corners = fans(pieces[is_area], owners[is_area])
    sides = corners[:, 1:] - corners[:, :1]
    areas = np.abs(sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]) / 2
    heights = heights_at(terrain, corners.reshape(-1, 2)).reshape(-1, 3)
    return Facets(heights, areas, pads_of_corners)


def may_overlap(pads: Floats, triangles: Floats) -> Flags:
    """Return which triangles do not lie wholly beyond a side of their pad, a rectangle."""
    away = triangles - pads[:, :1]
    is_near = np.ones(len(pads), dtype=bool)
    for corner in (1, 3):
        side = pads[:, corner] - pads[:, 0]
        along = np.einsum("nij,nj->ni", away, side)
        is_near &= (along.max(axis=1) > 0) & (along.min(axis=1) < (side * side).sum(axis=1))
    return is_near


def fans(pieces: Floats, owners: Whole) -> tuple[Floats, Whole]:
    """Divide convex polygons into triangles, shape (n, 3, 2), that share the first corner."""
    points, ring = geo.get_coordinates(pieces, return_index=True)
    counts = np.bincount(ring, minlength=len(pieces))
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
    place = np.arange(len(points)) - starts[ring]
    # A ring repeats its first point; the last triangle ends one before that.
    seconds = np.flatnonzero((place >= 1) & (place <= counts[ring] - 3))
    corners = np.stack([points[starts[ring[seconds]]], points[seconds], points[seconds + 1]], 1)
    return corners, owners[ring[seconds]]


def cells_under(terrain: Terrain, pads: Floats) -> tuple[Whole, Whole]:
    """Return the cells (column, row) that may lie under each pad, and whose each is."""
    rows, columns = terrain.heights_m.shape
    most = np.array([columns - 2, rows - 2])
    first = np.floor((pads.min(axis=1) - terrain.corner) / terrain.cell_m).astype(np.intp)
    last = np.floor((pads.max(axis=1) - terrain.corner) / terrain.cell_m).astype(np.intp)
    first, last = np.clip(first, 0, most), np.clip(last, 0, most)
    found = [
        cell_range((c0, r0), (c1, r1))
        for (c0, r0), (c1, r1) in zip(first.tolist(), last.tolist())  # noqa: B905 - Python 3.9
    ]
    owners = np.repeat(np.arange(len(pads), dtype=np.intp), [len(cells) for cells in found])
    return owners, np.concatenate(found)


def cell_range(first: tuple[int, int], last: tuple[int, int]) -> Whole:
    """Return the cells (column, row) from one to another, both included."""
    columns = np.arange(first[0], last[0] + 1, dtype=np.intp)
    rows = np.arange(first[1], last[1] + 1, dtype=np.intp)
    return np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
