# /// script
# dependencies = ["numpy", "shapely"]
# ///
"""Turns a layout into what a request receives: figures, tables, and the content of the plan.

Part of a Python 3 Script in Rhino 8 (Python 3.9). Texts are JSON; coordinates are the request's.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from find_layout import Layout, find_layout
from geo import geo
from read_order import Order, Site, blocks_for, inset, read_block, read_rows, read_site
from read_terrain import UnreadableTerrainError, read_terrain
from site_room import InfeasibleError

if TYPE_CHECKING:
    from read_order import Floats, Outline
    from shapely.geometry.base import BaseGeometry

DECIMALS = 4


class Asked(NamedTuple):
    """The inputs of the script as they come."""

    boundary: Outline
    holes: str
    exclusions: str
    entrance: str
    target_capacity_kw: float
    block: str
    rows: str
    setback_m: float
    road_width_m: float
    use_terrain: bool
    terrain: str
    slope_limit_percent: float
    seed: int


class Report(NamedTuple):
    """Outputs of the script."""

    total_capacity_kw: float
    asset_count: int
    road_length_m: float
    cut_volume_m3: float
    fill_volume_m3: float
    orientation_deg: float
    target_met: bool
    assets: str
    roads: str
    refusals: list[str]
    plan: str


def plan_site(asked: Asked) -> Report:
    """Find a layout and report it; an infeasible request is reported with its reason.

    Raises:
        ValueError: An input cannot be read.
    """
    site = read_site(asked.boundary, asked.holes, asked.exclusions, asked.entrance)
    order = read_order(asked)
    try:
        terrain = read_terrain(asked.terrain, site.origin) if asked.use_terrain else None
        layout = find_layout(site, order, terrain)
    except (InfeasibleError, UnreadableTerrainError) as error:
        figures = (0.0, 0, 0.0, 0.0, 0.0, 0.0)
        return Report(*figures, False, assets="[]", roads="[]", refusals=[str(error)], plan="")  # noqa: FBT003 - of a tuple
    return reported(site, order, layout)


def read_order(asked: Asked) -> Order:
    """Read what is to be built."""
    block = read_block(asked.block)
    angles_deg, spacing_m = read_rows(asked.rows)
    return Order(
        block=block,
        block_count=blocks_for(asked.target_capacity_kw, block.rating_kw),
        angles_deg=angles_deg,
        spacing_m=spacing_m,
        setback_m=float(asked.setback_m),
        road_m=float(asked.road_width_m),
        slope_limit=float(asked.slope_limit_percent) / 100,
        seed=int(asked.seed),
    )


def reported(site: Site, order: Order, layout: Layout) -> Report:
    """Describe a layout in the request's coordinates."""
    assets, roads = asset_table(site, order, layout), road_table(site, layout)
    moved = (0.0, 0.0)
    if layout.earthwork is not None:
        moved = float(layout.earthwork.cut_m3.sum()), float(layout.earthwork.fill_m3.sum())
    plan = {
        "ground": rings_of(site.ground, site.origin),
        "closed": rings_of(site.closed, site.origin),
        "setback": rings_of(inset(site.ground, order.setback_m), site.origin),
        "entrance": tidy_point(site.entrance + site.origin),
        "road_width_m": order.road_m,
        "road_area": rings_of(road_area(site, order, layout), site.origin),
        "assets": assets,
        "roads": roads,
    }
    count = len(assets)
    return Report(
        total_capacity_kw=tidy(count * order.block.rating_kw),
        asset_count=count,
        road_length_m=tidy(layout.road_length_m),
        cut_volume_m3=tidy(moved[0]),
        fill_volume_m3=tidy(moved[1]),
        orientation_deg=tidy(layout.angle_deg),
        target_met=count == order.block_count,
        assets=json.dumps([{k: v for k, v in asset.items() if k != "corners"} for asset in assets]),
        roads=json.dumps(roads),
        refusals=[],
        plan=json.dumps(plan),
    )


def asset_table(site: Site, order: Order, layout: Layout) -> list[dict[str, Any]]:
    """Return an entry for each block, row by row."""
    table: list[dict[str, Any]] = []
    digits = max(3, len(str(len(layout.blocks))))
    for place, corners in enumerate(layout.blocks + site.origin):
        entry: dict[str, Any] = {
            "id": f"B{place + 1:0{digits}d}",
            "centre": tidy_point(corners.mean(axis=0)),
            "orientation_deg": tidy(layout.angle_deg),
            "capacity_kw": tidy(order.block.rating_kw),
            "access": tidy_point(layout.accesses[place] + site.origin),
            "corners": [tidy_point(corner) for corner in corners],
        }
        if layout.earthwork is not None:
            level, cut, fill = (tidy(figures[place]) for figures in layout.earthwork)
            entry |= {"pad_level_m": level, "cut_m3": cut, "fill_m3": fill}
        table.append(entry)
    return table


def road_table(site: Site, layout: Layout) -> list[dict[str, Any]]:
    """Return an entry for each road between junctions and ends."""
    return [
        {
            "id": f"R{place + 1:03d}",
            "length_m": tidy(float(np.hypot(*np.diff(line, axis=0).T).sum())),
            "path": [tidy_point(point + site.origin) for point in line],
        }
        for place, line in enumerate(layout.roads)
    ]


def road_area(site: Site, order: Order, layout: Layout) -> BaseGeometry:
    """Return the ground that the roads cover; at the gate it ends with the site."""
    lines = geo.multilinestrings([geo.linestrings(line) for line in layout.roads])
    return geo.buffer(lines, order.road_m / 2, quad_segs=6).intersection(site.ground)


def rings_of(area: BaseGeometry, origin: Floats) -> list[list[list[list[float]]]]:
    """Return an area as a list of polygons: an outer ring, then its holes."""
    areas: list[list[list[list[float]]]] = []
    for polygon in geo.get_parts(geo.normalize(area)):
        if geo.get_type_id(polygon) != geo.GeometryType.POLYGON:
            continue
        rings = [polygon.exterior, *polygon.interiors]
        areas.append([[tidy_point(p) for p in geo.get_coordinates(r) + origin] for r in rings])
    return areas


def tidy_point(point: Floats) -> list[float]:
    """Return a position, rounded."""
    return [tidy(point[0]), tidy(point[1])]


def tidy(value: float) -> float:
    """Round for an answer; never a negative zero."""
    return round(float(value), DECIMALS) + 0.0
