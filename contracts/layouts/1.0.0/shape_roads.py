# /// script
# dependencies = ["numpy", "shapely"]
# ///
"""Shapes roads: the tree on the grid becomes lines, cut short where the ground allows it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from geo import geo
from grow_roads import NEAR_M, Net, Tree
from road_net import Ground

if TYPE_CHECKING:
    from read_order import Floats
    from shapely.geometry.base import BaseGeometry

SAMPLE_M = 3.0  # distance of the heights that a shortened road is checked with


def shape_roads(ground: Ground, blocks: Floats, net: Net, tree: Tree) -> list[Floats]:
    """Return the roads between junctions and ends.

    A road still passes every point from which a block is reached.
    """
    stops = set(tree.joined.values())
    multiblock = geo.multipolygons(geo.box(*blocks.T))
    geo.prepare(multiblock)
    lines: list[Floats] = []
    for way in ways_of(net, tree):
        cuts = [0, *(i for i in range(1, len(way) - 1) if way[i] in stops), len(way) - 1]
        parts = [
            shortened(ground, multiblock, straightened(net.nodes[way[start : end + 1]]))
            for start, end in zip(cuts, cuts[1:])  # noqa: B905, RUF007 - Python 3.9
        ]
        lines.append(straightened(np.concatenate([parts[0], *(part[1:] for part in parts[1:])])))
    return lines


def ways_of(net: Net, tree: Tree) -> list[list[int]]:
    """Return the nodes of each road between junctions and ends."""
    beside: dict[int, list[int]] = {}
    for one, other in tree.edges:
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    bend = 2  # roads at a node that is no junction
    ends = sorted(n for n, others in beside.items() if len(others) != bend or n == net.entrance)
    walked: set[tuple[int, int]] = set()
    ways: list[list[int]] = []
    for end in ends:
        for following in sorted(beside[end]):
            if (end, following) in walked:
                continue
            way = [end, following]
            while len(beside[way[-1]]) == bend and way[-1] != net.entrance:
                one, other = beside[way[-1]]
                way.append(other if one == way[-2] else one)
            walked.add((way[-1], way[-2]))
            ways.append(way)
    return ways


def shortened(ground: Ground, blocks: BaseGeometry, line: Floats) -> Floats:
    """Return a line that leaves out each corner that it can."""
    kept = [0]
    while kept[-1] < len(line) - 1:
        here = kept[-1]
        following = range(len(line) - 1, here + 1, -1)
        kept.append(
            next((n for n in following if is_open_way(ground, blocks, line[[here, n]])), here + 1)
        )
    return line[kept]


def is_open_way(ground: Ground, blocks: BaseGeometry, ends: Floats) -> bool:
    """Return whether a straight road keeps clear of everything and is not too steep."""
    line = geo.linestrings(ends)
    if not geo.covers(ground.clear, line):
        return False
    if geo.dwithin(blocks, line, ground.road_m / 2 - NEAR_M):
        return False
    if ground.surface is None:
        return True
    count = max(1, math.ceil(math.dist(*ends) / SAMPLE_M))
    points = ends[0] + np.linspace(0, 1, count + 1)[:, None] * (ends[1] - ends[0])
    return ground.surface.is_gentle(points)


def straightened(points: Floats) -> Floats:
    """Return a line without the points that lie straight between their neighbours."""
    if len(points) < 3:  # noqa: PLR2004 - nothing in between
        return points
    sides = np.diff(points, axis=0)
    sides = sides / np.hypot(*sides.T)[:, None]
    turns = np.abs(sides[:-1, 0] * sides[1:, 1] - sides[:-1, 1] * sides[1:, 0])
    return points[np.concatenate([[True], turns > NEAR_M, [True]])]


def length_of(lines: list[Floats]) -> float:
    """Return the length of all lines."""
    return math.fsum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in lines)
