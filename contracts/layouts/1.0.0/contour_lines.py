# /// script
# dependencies = ["numpy", "shapely"]
# ///
"""Contour lines of the ground, for the plan."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from geo import geo
from read_terrain import Terrain, all_cells, heights_at, triangles_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRAWN_CELLS = 72  # along a side: finer ground is drawn coarser
MOST_LEVELS = 14


def contour_lines(terrain: Terrain) -> list[tuple[float, list[Floats]]]:
    """Return the lines of each level, rising: (height, lines)."""
    coarse = thinned(terrain)
    triangles = triangles_of(coarse, all_cells(coarse)).reshape(-1, 3, 2)
    heights = heights_at(coarse, triangles.reshape(-1, 2)).reshape(-1, 3)
    is_known = ~np.isnan(heights).any(axis=1)
    triangles, heights = triangles[is_known], heights[is_known]
    if not len(heights) or heights.max() - heights.min() <= 0:
        return []
    levels = contour_levels(float(heights.min()), float(heights.max()))
    return [(level, level_lines(triangles, heights - level)) for level in levels]


def contour_levels(lowest: float, highest: float) -> list[float]:
    """Return the multiples of 1, 2 or 5 times a power of ten, at most MOST_LEVELS of them."""
    power = 10.0 ** math.floor(math.log10((highest - lowest) / MOST_LEVELS))
    step = next(k * power for k in (1, 2, 5, 10) if (highest - lowest) / (k * power) <= MOST_LEVELS)
    first = math.floor(lowest / step) + 1
    return [count * step for count in range(first, math.ceil(highest / step))]


def level_lines(triangles: Floats, above: Floats) -> list[Floats]:
    """Return where the ground crosses zero: `above` is the height of each corner."""
    is_up = above >= 0
    is_cut = is_up.any(axis=1) & ~is_up.all(axis=1)
    corners, above, is_up = triangles[is_cut], above[is_cut], is_up[is_cut]
    ends: list[Floats] = []
    for one in range(3):
        other = (one + 1) % 3
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (above[:, one] / (above[:, one] - above[:, other]))[:, None]
            crossing = corners[:, one] + share * (corners[:, other] - corners[:, one])
        crossing[is_up[:, one] == is_up[:, other]] = np.nan
        ends.append(crossing)
    found = np.stack(ends, axis=1)
    segments = found[~np.isnan(found[:, :, 0])].reshape(-1, 2, 2)
    lines = geo.linestrings(np.round(segments, 3))
    merged = geo.line_merge(geo.union_all(lines[geo.length(lines) > 0]))
    return [geo.get_coordinates(line) for line in geo.get_parts(merged)]


def thinned(terrain: Terrain) -> Terrain:
    """Return every n-th elevation."""
    step = max(1, math.ceil(max(terrain.heights_m.shape) / DRAWN_CELLS))
    heights = terrain.heights_m[::step, ::step]
    is_grid = min(heights.shape) > 1
    return Terrain(terrain.corner, terrain.cell_m * step, heights) if is_grid else terrain
