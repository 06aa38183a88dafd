# /// script
# dependencies = ["numpy", "ladybug-core"]
# ///
"""Direct sun hours and vertical sky component of sensors among buildings.

Part of a Python 3 Script in Rhino 8 (Python 3.9). Sensors have shape (sensors, 3), in metres; a
facade looks along its horizontal normal, a ground straight up.

Source: sun positions by ladybug (the equations of NOAA's solar calculator, refraction included);
CIE standard overcast sky, luminance (1 + 2 sin elevation) / 3 of the zenith's (CIE S 011).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from ladybug.sunpath import Sunpath
from occlusion import Walls, horizons, in_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SKY_STEPS = 720  # azimuths in front of a facade; a ground looks at twice as many
OPEN_GROUND = 7 * math.pi / 9  # illuminance of an open ground, the zenith's luminance being 1
LEAP_DAY = "02-29"


class Location(NamedTuple):
    """A place on Earth; degrees, north and east positive, and hours ahead of UTC."""

    latitude: float
    longitude: float
    utc_offset: float


class Suns(NamedTuple):
    """Middles of time steps at which the sun is up, azimuths ascending.

    Radians clockwise from north, tangents of altitudes, and the place of each date in the list.
    """

    azimuths: Floats
    tangents: Floats
    dates: NDArray[np.intp]


def suns_of(location: Location, dates: Sequence[str], time_step: int) -> Suns:
    """Return where the sun stands on the dates (`MM-DD`), every `time_step` minutes (even)."""
    path = Sunpath(location.latitude, location.longitude, location.utc_offset)
    found: list[tuple[float, float, int]] = []
    for place, date in enumerate(dates):
        # The years of ladybug: 2016 for the leap day, 2017 for every other.
        path.is_leap_year = date == LEAP_DAY
        month, day = int(date[:2]), int(date[3:])
        for minute in range(time_step // 2, 24 * 60, time_step):
            sun = path.calculate_sun(month, day, minute / 60)
            if sun.altitude > 0:
                found.append((sun.azimuth % 360.0, sun.altitude, place))
    found.sort()
    table = np.array(found).reshape(-1, 3)
    radians = np.radians(table[:, :2])
    return Suns(radians[:, 0], np.tan(radians[:, 1]), table[:, 2].astype(np.intp))


class View(NamedTuple):
    """Where sensors are, and the azimuth that they look along; None looks up."""

    sensors: Floats
    azimuth: float | None


def sun_hours(view: View, walls: Walls, suns: Suns, date_count: int, time_step: int) -> Floats:
    """Return the hours of direct sun: (sensors, dates)."""
    on_date = suns.dates[:, None] == np.arange(date_count)
    if view.azimuth is not None:
        on_date &= (np.cos(suns.azimuths - view.azimuth) > 0)[:, None]
    share = on_date * (time_step / 60)
    hours = np.zeros((len(view.sensors), date_count))
    for part in in_parts(len(view.sensors), len(walls.heights_m) + len(suns.azimuths) // 8):
        free = suns.tangents > horizons(view.sensors[part], walls, suns.azimuths)
        hours[part] = free @ share
    return hours


def sky_component(view: View, walls: Walls) -> Floats:
    """Return the illuminance from the overcast sky in percent of an open ground's: (sensors,).

    Exact in elevation; azimuths are the middles of SKY_STEPS equal steps in front of a facade.
    """
    step = math.pi / SKY_STEPS
    middles = (np.arange(2 * SKY_STEPS, dtype=np.float64) + 0.5) * step
    if view.azimuth is None:
        azimuths = middles
        weights, received = np.full(2 * SKY_STEPS, step), on_ground
    else:
        turns = middles[:SKY_STEPS] - math.pi / 2
        azimuths = (view.azimuth + turns) % (2 * math.pi)
        order = np.argsort(azimuths)
        azimuths, weights, received = azimuths[order], np.cos(turns[order]) * step, on_wall
    found = np.zeros(len(view.sensors))
    for part in in_parts(len(view.sensors), len(walls.heights_m) + len(azimuths) // 8):
        found[part] = received(horizons(view.sensors[part], walls, azimuths)) @ weights
    return 100 * found / OPEN_GROUND


def on_wall(tangents: Floats) -> Floats:
    """Integrate (1 + 2 sin e) / 3 cos2 e from the horizon to the zenith."""
    low = np.arctan(tangents)
    cosine = np.cos(low)
    return (np.pi / 4 - low / 2 - np.sin(low) * cosine / 2 + 2 / 3 * cosine**3) / 3


def on_ground(tangents: Floats) -> Floats:
    """Integrate (1 + 2 sin e) / 3 sin e cos e from the horizon to the zenith."""
    sine = np.sin(np.arctan(tangents))
    return ((1 - sine**2) / 2 + 2 / 3 * (1 - sine**3)) / 3
