# /// script
# dependencies = ["numpy"]
# ///
"""How far buildings rise above the horizon of each sensor: exact for extruded prisms.

Part of a Python 3 Script in Rhino 8 (Python 3.9). Lengths are metres, x points east, y north and z
up; azimuths are radians clockwise from north. A prism stands on the ground, so along one azimuth
it hides everything below the top of the wall that a ray meets first, and nothing above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.intp]

TOUCH_M = 1e-6  # a sensor this close to a wall lies on it, and the wall hides nothing
SLACK_RAD = 1e-12  # two walls that share a corner leave no gap between them
PAIRS = 60_000  # sensor-wall pairs at a time: bounds the memory


class Walls(NamedTuple):
    """Walls of every prism; seen from above, the inside lies to the left of start -> end.

    `starts`, `ends` and `outward` have shape (walls, 2), `heights_m` has shape (walls,).
    """

    starts: Floats
    ends: Floats
    outward: Floats
    heights_m: Floats


class Prism(NamedTuple):
    """A building: the corners of its footprint, the first not repeated, and its height."""

    corners: Floats
    height_m: float


def doubled_area(corners: Floats) -> float:
    """Return twice the area of a ring; positive when it runs counterclockwise."""
    here = corners - corners[0]
    after = np.roll(here, -1, axis=0)
    return float((here[:, 0] * after[:, 1] - after[:, 0] * here[:, 1]).sum())


def walls_of(prisms: Sequence[Prism]) -> Walls:
    """Take prisms apart into walls."""
    rings = [p.corners if doubled_area(p.corners) > 0 else p.corners[::-1] for p in prisms]
    if not rings:
        return Walls(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0))
    starts = np.concatenate(rings)
    ends = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])
    along = ends - starts
    outward = np.column_stack([along[:, 1], -along[:, 0]]) / np.hypot(*along.T)[:, None]
    counts = [len(ring) for ring in rings]
    return Walls(starts, ends, outward, np.repeat([p.height_m for p in prisms], counts))


def in_parts(count: int, pairs_each: int) -> Iterator[slice]:
    """Divide `count` sensors so that each part stays within the memory bound."""
    size = max(1, PAIRS // max(1, pairs_each))
    return (slice(start, min(start + size, count)) for start in range(0, count, size))


def horizons(sensors: Floats, walls: Walls, azimuths: Floats) -> Floats:
    """Return the tangent of the lowest free elevation: (sensors, azimuths); 0 where all is free.

    Args:
        sensors: shape (sensors, 3); none may lie inside a building.
        walls: of every building.
        azimuths: ascending, from 0 to below 2 pi.
    """
    tangents = np.zeros((len(sensors), len(azimuths)))
    if not len(walls.heights_m) or not len(azimuths):
        return tangents
    # What faces a sensor and rises above it; x grows along `east`, so a wall's azimuths ascend.
    away = sensors[:, None, :2] - walls.starts
    distance = (away * walls.outward).sum(axis=-1)
    rise = walls.heights_m - sensors[:, 2:]
    seers, seen = np.nonzero((distance > TOUCH_M) & (rise > 0))
    slope = rise[seers, seen] / distance[seers, seen]
    to_start = walls.starts[seen] - sensors[seers, :2]
    to_end = walls.ends[seen] - sensors[seers, :2]
    first, last = spans(to_start, to_end, azimuths)
    pair, place = unrolled(first, last)
    column = place % len(azimuths)
    facing = -walls.outward[seen[pair]]
    heading = facing[:, 0] * np.sin(azimuths)[column] + facing[:, 1] * np.cos(azimuths)[column]
    np.maximum.at(tangents, (seers[pair], column), slope[pair] * heading)
    return tangents


def spans(to_start: Floats, to_end: Floats, azimuths: Floats) -> tuple[Places, Places]:
    """Return the first azimuth on each wall and the first beyond it; beyond a turn they go on."""
    start = np.arctan2(to_start[:, 0], to_start[:, 1])
    width = (np.arctan2(to_end[:, 0], to_end[:, 1]) - start) % (2 * np.pi)
    start = start % (2 * np.pi) - SLACK_RAD
    turns = np.concatenate([azimuths, azimuths + 2 * np.pi])
    first = np.searchsorted(turns, start, side="left")
    last = np.searchsorted(turns, start + width + 2 * SLACK_RAD, side="right")
    return first, last


def unrolled(first: Places, last: Places) -> tuple[Places, Places]:
    """Return (row, number) for every number from first to below last of every row."""
    counts = last - first
    row = np.repeat(np.arange(len(counts)), counts)
    begun = np.cumsum(counts) - counts
    return row, np.arange(int(counts.sum())) - begun[row] + first[row]


def inside(points: Floats, corners: Floats) -> Flags:
    """Tell which points (points, 2) lie inside a ring, further than TOUCH_M from its edges."""
    edges = np.roll(corners, -1, axis=0) - corners
    away = points[:, None, :] - corners
    along = (away * edges).sum(axis=-1) / (edges * edges).sum(axis=-1)
    gap = away - np.clip(along, 0.0, 1.0)[..., None] * edges
    is_clear = np.hypot(gap[..., 0], gap[..., 1]).min(axis=1) > TOUCH_M
    is_below = away[..., 1] < 0
    straddles = is_below != np.roll(is_below, -1, axis=-1)
    turn = away[..., 0] * edges[:, 1] < away[..., 1] * edges[:, 0]
    crosses = straddles & (turn == (edges[:, 1] > 0))
    return (np.count_nonzero(crosses, axis=-1) % 2 == 1) & is_clear
