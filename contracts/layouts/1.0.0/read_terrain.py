# /// script
# dependencies = ["numpy", "shapely"]
# ///
"""The ground's height: a grid of elevations, each cell split into two triangles.

The diagonal of a cell runs from south-west to north-east. Heights and lengths are metres; a slope
is a ratio, rise over run.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from geo import geo

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from read_order import Floats, Whole
    from shapely.geometry.base import BaseGeometry

EDGE_M = 1e-6  # how far beyond the grid a point may lie by rounding
ASCII_HEADER = ("ncols", "nrows", "xllcorner", "yllcorner", "xllcenter", "yllcenter", "cellsize")


class UnreadableTerrainError(Exception):
    """The elevations are no grid; the message begins with a word that programs can read."""


class Terrain(NamedTuple):
    """Elevations at the crossings of a grid: rows run north, columns east; NaN is unknown."""

    corner: Floats
    cell_m: float
    heights_m: Floats

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return minimum x and y, maximum x and y."""
        rows, columns = self.heights_m.shape
        reach = self.corner + np.array([columns - 1, rows - 1]) * self.cell_m
        return float(self.corner[0]), float(self.corner[1]), float(reach[0]), float(reach[1])


def read_terrain(text: str, origin: Floats) -> Terrain:
    """Read `{"grid": {...}}` or `{"ascii_grid": "..."}`.

    Raises:
        UnreadableTerrainError: The number of elevations is not columns times rows, or the text is
            no Esri ASCII grid.
    """
    stated: dict[str, Any] = json.loads(text)
    if "ascii_grid" in stated:
        try:
            return read_ascii_grid(str(stated["ascii_grid"]), origin)
        except (KeyError, ValueError, IndexError) as error:
            message = "ascii_grid is no Esri ASCII grid of at least 2 x 2 elevations"
            raise UnreadableTerrainError(f"terrain_unreadable: {message}") from error
    grid: dict[str, Any] = stated["grid"]
    heights = np.array([np.nan if z is None else z for z in grid["elevations_m"]], dtype=np.float64)
    rows, columns = int(grid["rows"]), int(grid["columns"])
    if len(heights) != rows * columns:
        message = f"{columns} x {rows} elevations are {columns * rows}, not {len(heights)}"
        raise UnreadableTerrainError(f"terrain_unreadable: {message}")
    shaped = heights.reshape(rows, columns)
    return Terrain(np.array(grid["origin"], dtype=np.float64) - origin, grid["cell_m"], shaped)


def read_ascii_grid(text: str, origin: Floats) -> Terrain:
    """Read an Esri ASCII grid: its values stand at the centres of cells, the first row is north."""
    words = text.split()
    header: dict[str, float] = {}
    while words and words[0].lower() in (*ASCII_HEADER, "nodata_value"):
        header[words[0].lower()] = float(words[1])
        words = words[2:]
    cell = header["cellsize"]
    lowest = [
        header[f"{axis}llcenter"]
        if f"{axis}llcenter" in header
        else header[f"{axis}llcorner"] + cell / 2
        for axis in "xy"
    ]
    heights = np.array(words, dtype=np.float64)
    heights[heights == header.get("nodata_value", -9999)] = np.nan
    shaped = heights.reshape(int(header["nrows"]), int(header["ncols"]))[::-1]
    if min(shaped.shape) < 2 or not cell > 0:  # noqa: PLR2004 - the corners of a cell
        raise ValueError("no cell")
    return Terrain(np.array(lowest) - origin, cell, shaped)


def heights_at(terrain: Terrain, points: Floats) -> Floats:
    """Return the ground's height at points (n, 2) inside the grid; NaN where it is unknown."""
    rows, columns = terrain.heights_m.shape
    across = (points - terrain.corner) / terrain.cell_m
    cells = np.clip(np.floor(across).astype(np.intp), 0, [columns - 2, rows - 2])
    u, v = (across - cells).T
    sw, se, nw, ne = corner_heights(terrain, cells)
    south_east: Floats = sw + u * (se - sw) + v * (ne - se)
    north_west: Floats = sw + v * (nw - sw) + u * (ne - nw)
    return np.where(u >= v, south_east, north_west)


def corner_heights(terrain: Terrain, cells: Whole) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the heights of the corners of cells (n, 2: column, row): SW, SE, NW, NE."""
    column, row = cells[:, 0], cells[:, 1]
    heights = terrain.heights_m
    return (
        heights[row, column],
        heights[row, column + 1],
        heights[row + 1, column],
        heights[row + 1, column + 1],
    )


def all_cells(terrain: Terrain) -> Whole:
    """Return every cell as (column, row)."""
    rows, columns = terrain.heights_m.shape
    across, up = np.arange(columns - 1, dtype=np.intp), np.arange(rows - 1, dtype=np.intp)
    return np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)


def triangles_of(terrain: Terrain, cells: Whole) -> Floats:
    """Return both triangles of each cell, shape (cells, 2, 3, 2): south-east, then north-west."""
    corners = np.array([[[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]]], dtype=np.float64)
    return terrain.corner + (cells[:, None, None, :] + corners) * terrain.cell_m


def slopes_of(terrain: Terrain, cells: Whole) -> Floats:
    """Return the slopes of both triangles of each cell, shape (cells, 2); NaN where unknown."""
    sw, se, nw, ne = corner_heights(terrain, cells)
    south_east = np.hypot(se - sw, ne - se)
    north_west = np.hypot(ne - nw, nw - sw)
    return np.stack([south_east, north_west], axis=-1) / terrain.cell_m


def steep_ground(terrain: Terrain, slope_limit: float) -> BaseGeometry:
    """Return the triangles that are steeper than the limit, or of unknown height, as one area."""
    cells = all_cells(terrain)
    is_gentle: NDArray[np.bool_] = slopes_of(terrain, cells) <= slope_limit + 1e-9
    chosen = triangles_of(terrain, cells)[~is_gentle]
    return geo.coverage_union_all(geo.polygons(chosen))
