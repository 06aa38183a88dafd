# /// script
# dependencies = ["numpy", "shapely"]
# ///
"""Makes the grid on which roads may run: a graph of what is wide, clear and gentle enough.

The grid has lines along both sides of every row, so a road fits exactly between two rows.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from geo import geo
from grow_roads import NEAR_M, Links, Net
from perimeter import Perimeter, perimeter_of
from read_terrain import Terrain, heights_at

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from read_order import Floats, Whole
    from shapely.geometry.base import BaseGeometry

    Flags = NDArray[np.bool_]

MAX_STEP_M, MIN_STEP_M = 12.0, 3.0
GATE_STEPS = 4  # how far from the entrance a road may join the grid, in steps
MAX_GATES = 64


class Ground(NamedTuple):
    """What roads have to keep to, in the turned frame.

    `clear` is where centre lines may run, `closed` what they may not enter even at the gate,
    `lanes` where along the rows roads across them are wanted.
    """

    clear: BaseGeometry
    site: BaseGeometry
    closed: BaseGeometry
    entrance: Floats
    lanes: Floats
    road_m: float
    surface: Surface | None


class Surface(NamedTuple):
    """The terrain seen from the turned frame: `turn` holds the cosine and sine of the way back."""

    terrain: Terrain
    slope_limit: float
    turn: tuple[float, float]

    def heights(self, points: Floats) -> Floats:
        """Return heights at points of the frame."""
        cos, sin = self.turn
        return heights_at(self.terrain, points @ np.array([[cos, sin], [-sin, cos]]))

    def is_gentle(self, points: Floats) -> bool:
        """Return whether a way through points is nowhere too steep."""
        heights = self.heights(points)
        run = np.hypot(*np.diff(points, axis=0).T)
        return bool((np.abs(np.diff(heights)) <= (self.slope_limit + 1e-9) * run).all())


def describe_net(ground: Ground, blocks: Floats) -> Net:
    """Make the graph on which roads to these blocks may run."""
    width = float((blocks[:, 2] - blocks[:, 0]).min())
    step = min(max(ground.road_m, MIN_STEP_M), MAX_STEP_M, width / 2)
    half = ground.road_m / 2
    left, low, right, high = geo.bounds(ground.clear).tolist()
    middle = np.clip(ground.lanes, left, right)
    xs = grid_lines(np.concatenate([[left, right], middle]), step)
    sides = np.concatenate([blocks[:, 1] - half, blocks[:, 3] + half, ground.entrance[1:]])
    ys = grid_lines(np.concatenate([[low, high], np.clip(sides, low, high)]), step)
    is_open = open_nodes(ground, blocks, xs, ys)
    numbers = np.full(is_open.shape, -1, dtype=np.intp)
    numbers[is_open] = np.arange(np.count_nonzero(is_open))
    across, up = np.meshgrid(xs, ys, indexing="ij")
    rings = perimeter_of(ground.clear, xs, ys)
    nodes = np.concatenate([np.stack([across[is_open], up[is_open]], axis=-1), rings.points])
    links = ring_edges(ground, blocks, rings, (xs, ys, numbers))
    edges = passable(ground, nodes, np.concatenate([grid_edges(numbers, is_open), links]), step)
    gates = gates_of(ground, blocks, nodes, step * GATE_STEPS)
    entrance = np.full(len(gates), len(nodes))
    edges = np.concatenate([edges, np.stack([entrance, gates], axis=-1)])
    nodes = np.concatenate([nodes, ground.entrance[None]])
    return Net(nodes, links_of(nodes, edges), accesses_of(blocks, xs, ys, numbers, half))


def ring_edges(
    ground: Ground, blocks: Floats, rings: Perimeter, grid: tuple[Floats, Floats, Whole]
) -> Whole:
    """Return the edges along the rings, and from them to the next nodes on the grid's lines."""
    xs, ys, numbers = grid
    count = int(numbers.max()) + 1
    half = ground.road_m / 2 - NEAR_M
    boxes = geo.box(*blocks.T)
    ways = geo.linestrings(np.stack([rings.points, rings.points[rings.following]], axis=1))
    near = geo.STRtree(boxes).query(ways, predicate="dwithin", distance=half)
    is_free = np.ones(len(ways), dtype=bool)
    is_free[near[0]] = False
    along = np.flatnonzero(is_free)
    edges = [np.stack([along, rings.following[along]], axis=-1) + count]
    beside = geo.STRtree(boxes).query(geo.points(rings.points), predicate="dwithin", distance=half)
    is_free[:] = True
    is_free[beside[0]] = False
    for lines, axis in ((rings.rows, 0), (rings.columns, 1)):
        crossing = np.flatnonzero((lines >= 0) & is_free)
        at: Floats = rings.points[crossing, axis]
        after = np.searchsorted(xs if axis == 0 else ys, at)
        for place in (after - 1, after):
            fits = (place >= 0) & (place < numbers.shape[axis])
            kept, spot, line = crossing[fits], place[fits], lines[crossing[fits]]
            met = numbers[spot, line] if axis == 0 else numbers[line, spot]
            edges.append(np.stack([kept[met >= 0] + count, met[met >= 0]], axis=-1))
    return np.concatenate(edges)


def grid_lines(wanted: Floats, step: float) -> Floats:
    """Return sorted positions: the wanted ones, and others so that none is farther than a step."""
    places: list[float] = np.unique(np.round(wanted, 6)).tolist()
    lines: list[float] = []
    for start, end in zip(places, places[1:]):  # noqa: B905, RUF007 - Python 3.9
        count = max(1, math.ceil((end - start) / step - NEAR_M))
        lines += [start + (end - start) * place / count for place in range(count)]
    return np.array([*lines, places[-1]])


def open_nodes(ground: Ground, blocks: Floats, xs: Floats, ys: Floats) -> Flags:
    """Return, for each crossing, whether a centre line may pass: half a road clear of all."""
    across, up = np.meshgrid(xs, ys, indexing="ij")
    is_open: Flags = geo.contains_xy(ground.clear, across, up)
    half = ground.road_m / 2
    first = np.searchsorted(xs, blocks[:, 0] - half + NEAR_M)
    last = np.searchsorted(xs, blocks[:, 2] + half - NEAR_M)
    low = np.searchsorted(ys, blocks[:, 1] - half + 2 * NEAR_M)
    high = np.searchsorted(ys, blocks[:, 3] + half - 2 * NEAR_M)
    for c0, c1, r0, r1 in np.stack([first, last, low, high], axis=-1).tolist():
        is_open[c0:c1, r0:r1] = False
    return is_open


def grid_edges(numbers: Whole, is_open: Flags) -> Whole:
    """Return the edges (n, 2) between open neighbours; a diagonal needs its whole cell open."""
    cell = is_open[:-1, :-1] & is_open[1:, :-1] & is_open[:-1, 1:] & is_open[1:, 1:]
    pairs = [
        (numbers[:-1, :], numbers[1:, :], is_open[:-1, :] & is_open[1:, :]),
        (numbers[:, :-1], numbers[:, 1:], is_open[:, :-1] & is_open[:, 1:]),
        (numbers[:-1, :-1], numbers[1:, 1:], cell),
        (numbers[1:, :-1], numbers[:-1, 1:], cell),
    ]
    return np.concatenate([np.stack([a[mask], b[mask]], axis=-1) for a, b, mask in pairs])


def passable(ground: Ground, nodes: Floats, edges: Whole, step: float) -> Whole:
    """Return the edges that stay clear of everything and are not too steep.

    Blocks are wider than a step and their sides lie on grid lines, so open ends suffice for them.
    """
    clear = geo.buffer(ground.clear, NEAR_M, join_style="mitre")
    inner = geo.buffer(ground.clear, -1.5 * step, join_style="mitre")
    is_deep: Flags = geo.contains_xy(inner, nodes[:, 0], nodes[:, 1])
    shallow = np.flatnonzero(~is_deep[edges].any(axis=1))
    geo.prepare(clear)
    is_clear = np.ones(len(edges), dtype=bool)
    is_clear[shallow] = geo.covers(clear, geo.linestrings(nodes[edges[shallow]]))
    if ground.surface is not None:
        heights = ground.surface.heights(nodes)
        ends = nodes[edges]
        run = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
        rise = np.abs(heights[edges[:, 1]] - heights[edges[:, 0]])
        is_clear &= rise <= (ground.surface.slope_limit + 1e-9) * run
    return edges[is_clear]


def gates_of(ground: Ground, blocks: Floats, nodes: Floats, reach_m: float) -> Whole:
    """Return the nodes that a straight road from the entrance can reach.

    Only here a road may come nearer to the boundary than half its width: it crosses it.
    """
    away = np.hypot(*(nodes - ground.entrance).T)
    near = np.argsort(away, kind="stable")[:MAX_GATES]
    near = near[away[near] <= reach_m]
    if not len(near):
        return near
    starts = np.broadcast_to(ground.entrance, (len(near), 2))
    lines = geo.linestrings(np.stack([starts, nodes[near]], axis=1))
    fits: Flags = geo.covers(geo.buffer(ground.site, NEAR_M), lines)
    half = ground.road_m / 2 - NEAR_M
    fits &= ~geo.dwithin(lines, ground.closed, half)
    fits &= ~geo.dwithin(lines, geo.multipolygons(geo.box(*blocks.T)), half)
    return near[fits]


def links_of(nodes: Floats, edges: Whole) -> Links:
    """Return the neighbours of each node with their distances."""
    lengths = np.hypot(*(nodes[edges[:, 1]] - nodes[edges[:, 0]]).T)
    ends = np.concatenate([edges[:, 0], edges[:, 1]])
    order = np.argsort(ends, kind="stable")
    others = np.concatenate([edges[:, 1], edges[:, 0]])[order]
    starts = np.searchsorted(ends[order], np.arange(len(nodes) + 1))
    return Links(starts.tolist(), others.tolist(), np.tile(lengths, 2)[order].tolist())


def accesses_of(
    blocks: Floats, xs: Floats, ys: Floats, numbers: Whole, half: float
) -> list[list[int]]:
    """Return the nodes from which each block is reached: along the middle half of a long side."""
    quarter = (blocks[:, 2] - blocks[:, 0]) / 4
    first = np.searchsorted(xs, blocks[:, 0] + quarter - NEAR_M)
    last = np.searchsorted(xs, blocks[:, 2] - quarter + NEAR_M)
    found: list[list[int]] = []
    for block, c0, c1 in zip(blocks.tolist(), first, last):  # noqa: B905 - Python 3.9
        nodes: list[int] = []
        for side in (float(block[1]) - half, float(block[3]) + half):
            row = int(np.searchsorted(ys, side - 2 * NEAR_M))
            if row < len(ys) and abs(ys[row] - side) < 4 * NEAR_M:
                nodes += [node for node in numbers[c0:c1, row].tolist() if node >= 0]
        found.append(nodes)
    return found
