# /// script
# dependencies = ["numpy"]
# ///
"""Places a house footprint on a parcel: the best positions and turns, best first.

Part of a Python 3 Script in Rhino 8 (Python 3.9), so it keeps to that version's library.
Every grid point and angle counts; bounds only skip candidates that cannot be among the best.
Lengths are metres, angles degrees; arrays of points have shape (..., n, 2).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from polygons import (
    TOUCH_M,
    Ring,
    area_and_centroid,
    clearances,
    inner_point,
    is_cut,
    ring_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MAX_RESULTS = 5
SETBACK_WEIGHT = 0.4
TIE = 1e-9  # scores closer than this are equal
BOUND_SLACK_M = 1e-8  # wider than a tie, so that no bound hides an equal candidate
TILE = 16  # grid points along the side of a tile
CELLS = 200_000  # point-edge pairs at a time: bounds the memory


class Candidate(NamedTuple):
    """A footprint on the grid, seen from the parcel's minimum corner."""

    setback_m: float
    angle_index: int
    column: int
    row: int


class Site(NamedTuple):
    """What one search looks at; turned footprints have shape (angles, corners, 2)."""

    parcel: Ring
    is_convex: bool
    size_m: Floats
    centre_m: Floats
    turned: Floats
    inner_points: Floats
    inner_radius_m: float
    grid_step_m: float


def steps(span: float, step: float) -> int:
    """Count the steps from 0 to `span`, its end included within 1e-9."""
    return math.floor((span + 1e-9) / step) + 1


def describe_site(parcel: Floats, house: Floats, angles_deg: Floats, grid_step_m: float) -> Site:
    """Prepare the search; the house is turned about its centroid, which becomes the origin."""
    _, house_centroid = area_and_centroid(house)
    _, parcel_centroid = area_and_centroid(parcel)
    corner = parcel.min(axis=0)
    footprint = house - house_centroid
    radians = np.radians(angles_deg)
    cos, sin = np.cos(radians), np.sin(radians)
    turns = np.stack([np.stack([cos, sin], -1), np.stack([-sin, cos], -1)], -2)
    ring = ring_of(parcel - corner)
    after = np.roll(ring.edges, -1, axis=0)
    bends = ring.edges[:, 0] * after[:, 1] - ring.edges[:, 1] * after[:, 0]
    return Site(
        parcel=ring,
        is_convex=bool((bends >= 0).all() or (bends <= 0).all()),
        size_m=ring.corners.max(axis=0),
        centre_m=parcel_centroid - corner,
        turned=footprint @ turns,
        inner_points=inner_point(footprint) @ turns,
        inner_radius_m=float(clearances(np.zeros((1, 2)), ring_of(footprint))[0]),
        grid_step_m=grid_step_m,
    )


def setbacks(site: Site, centres: Floats, angle_indices: NDArray[np.intp]) -> Floats:
    """Return each footprint's distance to the parcel's boundary; -inf when it is not inside."""
    corners = site.turned[angle_indices] + centres[:, None, :]
    fits = (corners.min(axis=1) >= -TOUCH_M).all(axis=1)
    fits &= (corners.max(axis=1) <= site.size_m + TOUCH_M).all(axis=1)
    found = np.full(len(centres), -np.inf)
    found[fits] = clearances(corners[fits], site.parcel).min(axis=1)
    found[found < -TOUCH_M] = -np.inf
    inside = np.flatnonzero(found > -np.inf)
    if not site.is_convex and len(inside):
        house = ring_of(corners[inside])
        reach = np.abs(clearances(site.parcel.corners, house)).min(axis=1)
        found[inside] = np.minimum(found[inside], reach)
        probes = (site.inner_points[angle_indices[inside]] + centres[inside])[:, None, :]
        outside = clearances(probes, site.parcel)[:, 0] < 0
        found[inside[outside | is_cut(house, site.parcel)]] = -np.inf
    return np.maximum(found, 0.0, where=found > -np.inf, out=found)


def in_chunks(count: int, cells_each: int) -> Iterator[slice]:
    """Divide `count` rows of work so that each part stays within the memory bound."""
    size = max(1, CELLS // cells_each)
    return (slice(start, start + size) for start in range(0, count, size))


def bounds(site: Site, points: Floats) -> Floats:
    """Return the most setback a footprint centred on each point can have (negative: none fits)."""
    parts = [
        clearances(points[part], site.parcel)
        for part in in_chunks(len(points), len(site.parcel.corners))
    ]
    return np.concatenate(parts) - site.inner_radius_m


def tiles(site: Site, columns: int, rows: int) -> tuple[Floats, Floats]:
    """Return the first (column, row) of each tile and its bound, the most promising first."""
    grid = np.meshgrid(np.arange(0, columns, TILE), np.arange(0, rows, TILE), indexing="ij")
    firsts = np.stack(grid, axis=-1).reshape(-1, 2).astype(np.float64)
    half = (TILE - 1) / 2 * site.grid_step_m
    middles = firsts * site.grid_step_m + half
    limit = bounds(site, middles) + half * math.sqrt(2)
    order = np.argsort(-limit, kind="stable")
    return firsts[order], limit[order]


def search(site: Site) -> list[Candidate]:
    """Return the best candidates, best first."""
    columns = steps(float(site.size_m[0]), site.grid_step_m)
    rows = steps(float(site.size_m[1]), site.grid_step_m)
    best: list[Candidate] = []
    firsts, limits = tiles(site, columns, rows)
    for first, limit in zip(firsts, limits):  # noqa: B905 - Python 3.9 has no strict zip
        if limit < floor_of(best):
            break
        column, row = int(first[0]), int(first[1])
        grid = np.meshgrid(
            np.arange(column, min(column + TILE, columns)),
            np.arange(row, min(row + TILE, rows)),
            indexing="ij",
        )
        best = search_tile(site, np.stack(grid, axis=-1).reshape(-1, 2).astype(np.float64), best)
    return best


def search_tile(site: Site, points: Floats, best: list[Candidate]) -> list[Candidate]:
    """Return the best of `best` and of the candidates on `points`."""
    limit = bounds(site, points * site.grid_step_m)
    points = points[limit >= max(floor_of(best), -TOUCH_M)]
    angles = len(site.turned)
    corner_pairs = site.turned.shape[1] * len(site.parcel.corners)
    cells = corner_pairs if site.is_convex else corner_pairs * (site.turned.shape[1] + 1)
    for part in in_chunks(len(points) * angles, cells):
        pairs = np.arange(part.start, min(part.stop, len(points) * angles), dtype=np.intp)
        angle_indices, chosen = pairs % angles, points[pairs // angles]
        found = setbacks(site, chosen * site.grid_step_m, angle_indices)
        kept = np.flatnonzero((found > -np.inf) & (found >= floor_of(best)))
        table = np.column_stack([found, angle_indices, chosen])[kept]
        best = rank(site, np.concatenate([table, np.array(best).reshape(-1, 4)]))
    return best


def floor_of(best: list[Candidate]) -> float:
    """Return the setback below which a candidate cannot be among the best."""
    return best[-1].setback_m - BOUND_SLACK_M if len(best) == MAX_RESULTS else -math.inf


def rank(site: Site, table: Floats) -> list[Candidate]:
    """Return the best rows (setback, angle, column, row) as candidates, best first.

    Each place goes to the first, by the tie rule, of those that score within TIE of the best left.
    Only the setback differs between the scores of one search.
    """
    offsets = table[:, 2:] * site.grid_step_m - site.centre_m
    away = np.round(np.hypot(offsets[:, 0], offsets[:, 1]), 9)
    order = np.lexsort((table[:, 3], table[:, 2], table[:, 1], away))
    left = table[order]
    best: list[Candidate] = []
    while len(left) and len(best) < MAX_RESULTS:
        score = left[:, 0] * SETBACK_WEIGHT
        first = int(np.argmax(score >= score.max() - TIE))
        setback, angle_index, column, row = left[first].tolist()
        best.append(Candidate(setback, int(angle_index), int(column), int(row)))
        left = np.delete(left, first, axis=0)
    return best
