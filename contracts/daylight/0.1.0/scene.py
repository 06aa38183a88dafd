# /// script
# dependencies = ["numpy"]
# ///
"""Reads a request: location, dates, buildings, and the sensors of the analysed surface.

Part of a Python 3 Script in Rhino 8 (Python 3.9). What no answer can be found for is refused with
a reason. Lengths are metres, x points east and y north.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from daylight import Location, View
from occlusion import Prism, in_parts, inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MIN_CORNERS = 3
MAX_LATITUDE, MAX_LONGITUDE = 90, 180
EPW_LATITUDE, EPW_LONGITUDE, EPW_UTC_OFFSET = 6, 7, 8  # fields of the LOCATION line


class RefusedError(Exception):
    """The request is well-formed but cannot be answered."""


class Surface(NamedTuple):
    """The analysed surface as equal cells, each with a sensor in its middle.

    `cells` has shape (sensors, 4, 3): corners, counterclockwise from where the surface looks to.
    """

    kind: str
    view: View
    cells: Floats


def read_location(given: dict[str, Any]) -> Location:
    """Read degrees, or the LOCATION line of an EPW file.

    Source: EnergyPlus, Auxiliary Programs, "Location Header".
    """
    if "epw_header" not in given:
        return Location(given["latitude"], given["longitude"], given["utc_offset"])
    fields = str(given["epw_header"]).strip().split(",")
    numbers = (fields[place] for place in (EPW_LATITUDE, EPW_LONGITUDE, EPW_UTC_OFFSET))
    found = Location(*(float(number) for number in numbers))
    if abs(found.latitude) > MAX_LATITUDE or abs(found.longitude) > MAX_LONGITUDE:
        raise RefusedError("The EPW header names no place on Earth.")
    return found


def read_dates(given: str | list[str]) -> list[str]:
    """Return a date or a list of dates as a list."""
    return [given] if isinstance(given, str) else list(given)


def read_prisms(given: Sequence[dict[str, Any]]) -> list[Prism]:
    """Read the buildings."""
    return [Prism(ring(one["footprint"]), float(one["height"])) for one in given]


def ring(closed: Sequence[Sequence[float]]) -> Floats:
    """Return the corners of a closed ring; repeated ones and the last are left out."""
    points = [tuple(point) for point in closed]
    corners = [point for index, point in enumerate(points) if point != points[index - 1]]
    if len(corners) < MIN_CORNERS:
        raise ValueError("a ring has fewer than three corners")
    return np.array(corners, dtype=np.float64)


def read_surface(given: dict[str, Any], sill_height: float) -> Surface:
    """Divide the surface into cells of at most `grid_size`.

    Raises:
        RefusedError: not a single cell is left.
    """
    grid_size = float(given["grid_size"])
    if "facade" in given:
        return facade(given["facade"], grid_size, sill_height)
    return ground(ring(given["ground"]["polygon"]), grid_size, sill_height)


def facade(given: dict[str, Any], grid_size: float, sill_height: float) -> Surface:
    """Divide a wall that looks to the right of start -> end, from the sill to its top."""
    (x1, y1), (x2, y2) = given["segment"]
    top = float(given["height"])
    length = math.hypot(x2 - x1, y2 - y1)
    if length == 0:
        raise RefusedError("The facade's segment has no length.")
    if top <= sill_height:
        raise RefusedError(f"The facade ends at {top:g} m, below its sill at {sill_height:g} m.")
    across, up = lines(0.0, length, grid_size), lines(sill_height, top, grid_size)
    along = np.array([x2 - x1, y2 - y1]) / length

    def at(offset: Floats, height: Floats) -> Floats:
        grid = np.meshgrid(offset, height)
        plan = np.array([x1, y1]) + grid[0][..., None] * along
        return np.concatenate([plan, grid[1][..., None]], axis=-1).reshape(-1, 3)

    left, right, low, high = across[:-1], across[1:], up[:-1], up[1:]
    corners = [at(left, low), at(right, low), at(right, high), at(left, high)]
    sensors = at((left + right) / 2, (low + high) / 2)
    azimuth = math.atan2(along[1], -along[0]) % (2 * math.pi)
    return Surface("facade", View(sensors, azimuth), np.stack(corners, axis=1))


def ground(polygon: Floats, grid_size: float, sill_height: float) -> Surface:
    """Divide a level polygon; cells whose middle lies in it count."""
    low, high = polygon.min(axis=0), polygon.max(axis=0)
    xs, ys = lines(low[0], high[0], grid_size), lines(low[1], high[1], grid_size)

    def at(x: Floats, y: Floats) -> Floats:
        grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        return np.column_stack([grid, np.full(len(grid), sill_height)])

    west, east, south, north = xs[:-1], xs[1:], ys[:-1], ys[1:]
    sensors = at((west + east) / 2, (south + north) / 2)
    corners = [at(west, south), at(east, south), at(east, north), at(west, north)]
    kept = np.zeros(len(sensors), dtype=bool)
    for part in in_parts(len(sensors), len(polygon)):
        kept[part] = inside(sensors[part, :2], polygon)
    if not kept.any():
        raise RefusedError("No sensor lies in the ground polygon: it is narrower than the grid.")
    return Surface("ground", View(sensors[kept], None), np.stack(corners, axis=1)[kept])


def lines(low: float, high: float, grid_size: float) -> Floats:
    """Return the lines that divide a span into equal parts of at most `grid_size`."""
    count = max(1, math.ceil((high - low) / grid_size - 1e-9))
    return np.linspace(low, high, count + 1)


def require_clear(view: View, prisms: Sequence[Prism]) -> None:
    """Check that no sensor lies inside a building; on its wall or above its roof is fine.

    Raises:
        RefusedError: some do.
    """
    for place, prism in enumerate(prisms):
        low = view.sensors[view.sensors[:, 2] < prism.height_m, :2]
        count = sum(
            np.count_nonzero(inside(low[part], prism.corners))
            for part in in_parts(len(low), len(prism.corners))
        )
        if count:
            raise RefusedError(f"{count} sensors lie inside the building context[{place}].")
