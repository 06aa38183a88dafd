# /// script
# dependencies = ["numpy", "shapely"]
# ///
"""Packs rows of blocks: for one orientation, as many blocks as the ground takes.

Works in a frame turned with the rows, so that rows run along x. A row holds the most blocks that
its free stretches can. Lanes are left for roads: between rows, at least behind every second one,
and where a cross lane is wanted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from geo import geo

if TYPE_CHECKING:
    from read_order import Block, Floats
    from shapely.geometry.base import BaseGeometry

TOUCH_M = 1e-6  # blocks may touch an edge: rounding in a turned frame is not beyond it
Stretch = tuple[float, float]


class Pattern(NamedTuple):
    """How rows follow each other: block, gap inside a pair of rows, lane between pairs."""

    block: Block
    spacing_m: float
    road_m: float

    @property
    def lane_m(self) -> float:
        """Return the gap behind every second row: a road fits into it."""
        return max(self.spacing_m, self.road_m)

    @property
    def period_m(self) -> float:
        """Return the height of two rows with their gaps."""
        return 2 * self.block.depth_m + self.spacing_m + self.lane_m

    def phases(self, low: float, high: float) -> list[float]:
        """Return shifts, 0 to 1: with either row of a pair at the lower or the upper edge."""
        second = self.block.depth_m + self.spacing_m
        top = high - low - self.block.depth_m
        return [-place / self.period_m % 1 for place in (0.0, -second, top, top - second)]

    def lows(self, low: float, high: float, phase: float) -> Floats:
        """Return the lower edges of the rows between two heights; `phase` shifts them, 0 to 1."""
        start = low - phase * self.period_m
        pairs = (
            start
            + np.arange(int((high - start) / self.period_m) + 1, dtype=np.float64) * self.period_m
        )
        second = self.block.depth_m + self.spacing_m
        lows = np.sort(np.concatenate([pairs, pairs + second]))
        inside = (lows >= low - TOUCH_M) & (lows + self.block.depth_m <= high + TOUCH_M)
        return lows[inside]


def packed(
    room: BaseGeometry, pattern: Pattern, phase: float, cross_lanes: tuple[float | None, ...]
) -> list[Floats]:
    """Return the blocks (n, 4: left, low, right, top) in the room, for each cross lane (its x)."""
    left, low, right, high = geo.bounds(room).tolist()
    lows = pattern.lows(low, high, phase)
    if not len(lows):
        return [np.empty((0, 4)) for _ in cross_lanes]
    closed = closed_stretches(room, pattern, lows, (left, right))
    found: list[Floats] = []
    for lane in cross_lanes:
        blocks: list[tuple[float, float]] = []
        for y, stretches in zip(lows.tolist(), closed):  # noqa: B905 - Python 3.9
            free = free_stretches(stretches, lane, pattern.road_m, (left, right))
            blocks += [(x, y) for stretch in free for x in row_of(stretch, pattern, lane)]
        corners = np.array(blocks, dtype=np.float64).reshape(-1, 2)
        size = np.array([pattern.block.width_m, pattern.block.depth_m])
        found.append(np.concatenate([corners, corners + size], axis=1))
    return found


def closed_stretches(
    room: BaseGeometry, pattern: Pattern, lows: Floats, sides: Stretch
) -> list[list[Stretch]]:
    """Return, for each row, the stretches of x where its strip is not wholly in the room.

    A block spans its strip, so it is in the room exactly if it meets no part of the strip that is
    not; each connected part closes the x that it covers.
    """
    tops = lows + pattern.block.depth_m
    strips = geo.box(sides[0] - 1, lows + TOUCH_M, sides[1] + 1, tops - TOUCH_M)
    parts, rows = geo.get_parts(geo.difference(strips, room), return_index=True)
    bounds = geo.bounds(parts)
    closed: list[list[Stretch]] = [[] for _ in lows]
    for row, (start, _, end, _) in zip(rows.tolist(), bounds.tolist()):  # noqa: B905 - Python 3.9
        closed[int(row)].append((float(start), float(end)))
    return closed


def free_stretches(
    closed: list[Stretch], lane: float | None, road_m: float, sides: Stretch
) -> list[Stretch]:
    """Return what is left between closed stretches and a cross lane."""
    taken = list(closed)
    if lane is not None:
        taken.append((lane - road_m / 2, lane + road_m / 2))
    free: list[Stretch] = []
    reached = sides[0] - 1
    for start, end in sorted(taken):
        if start > reached:
            free.append((reached, start))
        reached = max(reached, end)
    return free


def row_of(stretch: Stretch, pattern: Pattern, lane: float | None) -> list[float]:
    """Return the left edges of the most blocks that a stretch holds.

    Where that costs no block, columns line up from row to row, beginning at the cross lane.
    """
    block, start, end = pattern.block, *stretch
    pitch = block.width_m + block.gap_m
    count = int((end - start + block.gap_m + 2 * TOUCH_M) / pitch)
    if count < 1:
        return []
    slack = end - start - (count * pitch - block.gap_m)
    column = 0.0
    if lane is not None:
        half = pattern.road_m / 2
        column = lane + half if start >= lane else lane - half - block.width_m
    shift = (column - start) % pitch
    first = start + (shift if shift <= slack else max(slack, 0.0) / 2)
    return [first + place * pitch for place in range(count)]
