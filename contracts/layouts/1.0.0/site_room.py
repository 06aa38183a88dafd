# /// script
# dependencies = ["numpy", "shapely"]
# ///
"""Says where blocks may stand, and refuses a site on which nothing can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from geo import geo
from read_order import Order, Site, inset
from read_terrain import Terrain, steep_ground

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

GATE_TOLERANCE_M = 1.0
MAX_PLACES = 10_000


class InfeasibleError(Exception):
    """No layout meets the constraints; the message begins with a word that programs can read."""


def with_gate(site: Site) -> Site:
    """Return the site with its entrance exactly on it.

    Raises:
        InfeasibleError: It is elsewhere.
    """
    gate = geo.Point(site.entrance)
    away = geo.distance(site.ground, gate)
    if away > GATE_TOLERANCE_M:
        raise InfeasibleError(f"entrance_outside: the entrance is {away:.1f} m from the site")
    if geo.contains_properly(site.closed, gate):
        raise InfeasibleError("entrance_unreachable: the entrance is in an exclusion zone")
    nearest = geo.get_coordinates(geo.shortest_line(site.ground, gate))[0]
    return site._replace(entrance=nearest)


def check_terrain(site: Site, terrain: Terrain | None) -> None:
    """Return if the elevation grid covers the site.

    Raises:
        InfeasibleError: It does not.
    """
    if terrain is None:
        return
    left, low, right, high = geo.bounds(site.ground).tolist()
    west, south, east, north = terrain.bounds
    gaps = (west - left, south - low, right - east, high - north)
    if max(gaps) > 1e-6:  # noqa: PLR2004 - rounding
        side = ("west", "south", "east", "north")[int(np.argmax(gaps))]
        message = f"the elevation grid ends {max(gaps):.2f} m inside the site in the {side}"
        raise InfeasibleError(f"terrain_incomplete: {message}")


def room_for_blocks(site: Site, order: Order, terrain: Terrain | None) -> BaseGeometry:
    """Return where blocks may stand: inside the setback, outside the exclusions, off the gate."""
    apron = geo.buffer(geo.Point(site.entrance), 1.5 * order.road_m)
    steep = [] if terrain is None else [steep_ground(terrain, order.slope_limit)]
    return geo.difference(
        inset(site.ground, order.setback_m), geo.union_all([site.closed, apron, *steep])
    )


def check_count(room: BaseGeometry, order: Order) -> None:
    """Return if the places for blocks are so few that they can be tried in every orientation.

    Raises:
        InfeasibleError: They are more than MAX_PLACES.
    """
    block = order.block
    each_m2 = (block.width_m + block.gap_m) * (block.depth_m + order.spacing_m)
    places = room.area / each_m2
    if places > MAX_PLACES:
        size = f"{block.width_m:g} x {block.depth_m:g} m"
        raise InfeasibleError(
            f"too_many_places: about {places:.0f} blocks of {size} fit the site, and at most"
            f" {MAX_PLACES} are laid out; group blocks, or divide the site"
        )
