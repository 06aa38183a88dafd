# /// script
# dependencies = ["numpy", "shapely"]
# ///
"""Finds the layout: tries orientations, routes the best few, keeps the cheapest.

More capacity wins, up to the target; then fewer metres of road, where moving EARTH_PER_ROAD_M cubic
metres of earth from cut to fill counts as a metre of road; then the smaller angle.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from geo import geo
from grow_roads import Net, Tree, grow_tree
from level_pads import Earthwork, level_pads
from pack_rows import Pattern, packed
from read_order import Floats, Order, Site, inset, outset, turned, turned_shape
from read_terrain import Terrain
from road_net import Ground, Surface, describe_net
from shape_roads import length_of, shape_roads
from site_room import InfeasibleError, check_count, check_terrain, room_for_blocks, with_gate

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

EARTH_PER_ROAD_M = 15.0
PHASES = (0.25, 0.5, 0.75)
FINALISTS_EACH = 4


class Layout(NamedTuple):
    """What was found, in the site's coordinates: blocks (n, 4, 2), where each is reached, roads."""

    angle_deg: float
    blocks: Floats
    accesses: Floats
    roads: list[Floats]
    road_length_m: float
    earthwork: Earthwork | None


class Draft(NamedTuple):
    """A packing of one orientation: its blocks in the turned frame, and two measures of roads."""

    angle_deg: float
    lane: float | None
    blocks: Floats
    block_count: int
    guess_m: float
    nearness_m: float


def find_layout(site: Site, order: Order, terrain: Terrain | None) -> Layout:
    """Return the best layout that was found.

    Raises:
        InfeasibleError: Nothing fits, or nothing can be reached.
    """
    site = with_gate(site)
    check_terrain(site, terrain)
    room = room_for_blocks(site, order, terrain)
    check_count(room, order)
    drafts = best_drafts(site, order, room)
    if not drafts:
        raise InfeasibleError(why_nothing_fits(site, order, terrain))
    layouts = [routed(site, order, terrain, draft) for draft in drafts]
    found = [layout for layout in layouts if layout is not None]
    if not found:
        raise InfeasibleError(why_nothing_is_reached(site, order, terrain, drafts[0]))
    return min(found, key=lambda layout: (-len(layout.blocks), price(layout), layout.angle_deg))


def price(layout: Layout) -> float:
    """Return what a layout costs, in metres of road."""
    earth = 0.0 if layout.earthwork is None else float(layout.earthwork.cut_m3.sum())
    return round(layout.road_length_m + earth / EARTH_PER_ROAD_M, 6)


def best_drafts(site: Site, order: Order, room: BaseGeometry) -> list[Draft]:
    """Return the most promising packings: those whose roads seem short, and those near the gate."""
    if room.is_empty:
        return []
    drafts = [d for angle in order.angles_deg.tolist() for d in drafts_of(site, order, room, angle)]
    best: list[Draft] = []
    for measure in ("guess_m", "nearness_m"):
        drafts.sort(key=lambda draft: merit(draft, measure))
        best += distinct([draft for draft in drafts if not any(draft is other for other in best)])
    return best


def distinct(drafts: list[Draft]) -> list[Draft]:
    """Return the first drafts, at most two of the same orientation."""
    chosen: list[Draft] = []
    for draft in drafts:
        alike = sum(1 for other in chosen if other.angle_deg == draft.angle_deg)
        if len(chosen) < FINALISTS_EACH and alike < 2:  # noqa: PLR2004 - others have their turn
            chosen.append(draft)
    return chosen


def merit(draft: Draft, measure: str) -> tuple[float, ...]:
    """Return what sorts better packings first."""
    return -draft.block_count, round(getattr(draft, measure), 6), draft.angle_deg


def drafts_of(site: Site, order: Order, room: BaseGeometry, angle_deg: float) -> list[Draft]:
    """Return the packings of one orientation: every shift of the rows, every cross lane."""
    frame = turned_shape(room, -angle_deg)
    gate = turned(site.entrance, -angle_deg)
    left, low, right, high = geo.bounds(frame).tolist()
    lanes = (None, (left + right) / 2, min(max(float(gate[0]), left), right))
    pattern = Pattern(order.block, order.spacing_m, order.road_m)
    shift = random.Random(order.seed).random()  # noqa: S311 - a seed is to repeat
    phases = (*pattern.phases(low, high), *PHASES, shift)
    return [
        drafted(order, (angle_deg, lane), blocks, gate)
        for phase in phases
        for lane, blocks in zip(lanes, packed(frame, pattern, phase, lanes))  # noqa: B905 - Python 3.9
        if len(blocks)
    ]


def drafted(
    order: Order, choice: tuple[float, float | None], blocks: Floats, gate: Floats
) -> Draft:
    """Describe a packing of an angle and a cross lane."""
    away = np.abs((blocks[:, :2] + blocks[:, 2:]) / 2 - gate).sum(axis=1)
    near = np.argsort(away, kind="stable")[: order.block_count]
    guess = guessed_length(blocks[near], gate, order.road_m)
    return Draft(*choice, blocks, len(near), guess, float(away[near].mean()))


def guessed_length(blocks: Floats, gate: Floats, road_m: float) -> float:
    """Guess the length of the roads to blocks: a road between two rows serves both.

    Along each such road, then across from the first to the last, then to the gate.
    """
    lows, row = np.unique(np.round(blocks[:, 1], 3), return_inverse=True)
    starts = [float(blocks[row == place, 0].min()) for place in range(len(lows))]
    ends = [float(blocks[row == place, 2].max()) for place in range(len(lows))]
    depth = float(blocks[0, 3] - blocks[0, 1])
    length, place = float(lows[-1] - lows[0]), 0
    while place < len(lows):
        both = place + 1 < len(lows) and lows[place + 1] - lows[place] - depth >= road_m - 1e-3
        rows = slice(place, place + 2 if both else place + 1)
        length += max(ends[rows]) - min(starts[rows])
        place += 2 if both else 1
    away = np.maximum(blocks[:, :2].min(axis=0) - gate, gate - blocks[:, 2:].max(axis=0))
    return length + float(np.maximum(away, 0).sum())


def routed(site: Site, order: Order, terrain: Terrain | None, draft: Draft) -> Layout | None:
    """Choose blocks of a packing and join them; None when no road reaches any."""
    ground = road_ground(site, order, terrain, draft)
    if ground.clear.is_empty:
        return None
    corners = turned(corners_of(draft.blocks), draft.angle_deg)
    work = None if terrain is None else level_pads(terrain, corners)
    worths = [0.0] * len(corners) if work is None else (work.cut_m3 / EARTH_PER_ROAD_M).tolist()
    net = describe_net(ground, draft.blocks)
    tree = grow_tree(net, worths, order.block_count)
    chosen = sorted(tree.joined)
    if not chosen:
        return None
    net, tree = rerouted(ground, draft.blocks[chosen], (net, tree), chosen)
    accesses = net.nodes[[tree.joined[block] for block in range(len(chosen))]]
    roads = shape_roads(ground, draft.blocks[chosen], net, tree)
    return Layout(
        draft.angle_deg,
        corners[chosen],
        turned(accesses, draft.angle_deg),
        [turned(line, draft.angle_deg) for line in roads],
        length_of(roads),
        None if work is None else Earthwork(*(figures[chosen] for figures in work)),
    )


def rerouted(
    ground: Ground, blocks: Floats, first: tuple[Net, Tree], chosen: list[int]
) -> tuple[Net, Tree]:
    """Route again, over the ground of blocks that were not chosen; the shorter tree is kept."""
    net = describe_net(ground, blocks)
    tree = grow_tree(net, [0.0] * len(blocks), len(blocks))
    if len(tree.joined) == len(blocks) and tree.length_m < first[1].length_m:
        return net, tree
    joined = {place: first[1].joined[block] for place, block in enumerate(chosen)}
    return first[0], first[1]._replace(joined=joined)


def road_ground(site: Site, order: Order, terrain: Terrain | None, draft: Draft) -> Ground:
    """Return what roads have to keep to, in the frame of a packing."""
    angle_deg = draft.angle_deg
    half = order.road_m / 2
    clear = inset(site.ground, half).difference(outset(site.closed, half))
    turn = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    entrance = turned(site.entrance, -angle_deg)
    return Ground(
        clear=turned_shape(clear, -angle_deg),
        site=turned_shape(site.ground, -angle_deg),
        closed=turned_shape(site.closed, -angle_deg),
        entrance=entrance,
        lanes=entrance[:1] if draft.lane is None else np.array([entrance[0], draft.lane]),
        road_m=order.road_m,
        surface=None if terrain is None else Surface(terrain, order.slope_limit, turn),
    )


def corners_of(blocks: Floats) -> Floats:
    """Return the corners (n, 4, 2) of blocks, counterclockwise."""
    return np.stack([blocks[:, [0, 1]], blocks[:, [2, 1]], blocks[:, [2, 3]], blocks[:, [0, 3]]], 1)


def why_nothing_fits(site: Site, order: Order, terrain: Terrain | None) -> str:
    """Say what keeps the first block off the site."""
    size = f"{order.block.width_m:g} x {order.block.depth_m:g} m"
    if terrain is not None and best_drafts(site, order, room_for_blocks(site, order, None)):
        limit = f"{order.slope_limit:.1%}"
        return f"too_steep: a block of {size} fits, but only on ground steeper than {limit}"
    left = room_for_blocks(site, order, None).area
    return (
        f"no_block_fits: no block of {size} fits the {left:.0f} m2 that a setback of"
        f" {order.setback_m:g} m and the exclusion zones leave, in any orientation"
    )


def why_nothing_is_reached(site: Site, order: Order, terrain: Terrain | None, draft: Draft) -> str:
    """Say what keeps roads from the blocks."""
    if terrain is not None and routed(site, order, None, draft) is not None:
        limit = f"{order.slope_limit:.1%}"
        return f"too_steep: every road from the entrance to a block is steeper than {limit}"
    return (
        f"entrance_unreachable: no road {order.road_m:g} m wide leads from the entrance to a block"
    )
