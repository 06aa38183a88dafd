"""Figures against closed forms: open views, and a wall of height h at distance d without end.

The sky's closed forms are integrals over the lune that the wall leaves free. The sun's: an endless
wall that runs east-west in front of a facade at latitude p acts as a horizon tilted by its angle a,
so the sun is seen as at latitude p + a: while cos(hour angle) > -tan(declination) tan(p + a).
"""

import math
from typing import Any

import numpy as np
import pytest

OPEN = 7 * math.pi / 9  # an open ground under the CIE overcast sky of zenith luminance 1
FAR_M = 1e6
LIFT_DEG = 0.57  # refraction of a sun that seems to stand on the horizon, by NOAA's formula
HEIGHTS = [(3.0, 10.0), (10.0, 10.0), (24.0, 9.0)]


def facade_looking(daylight: Any, azimuth_deg: float, height: float = 0.0) -> Any:
    return daylight.View(np.array([[0.0, 0.0, height]]), math.radians(azimuth_deg))


def turned(corners: Any, angle_deg: float) -> Any:
    """Corners turned clockwise, as azimuths grow."""
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return np.array(corners) @ np.array([[cos, -sin], [sin, cos]])


def wall(daylight: Any, height: float, distance: float, azimuth_deg: float) -> Any:
    """A wall without end, across the direction given."""
    corners = [
        (-FAR_M, distance),
        (FAR_M, distance),
        (FAR_M, distance + 1),
        (-FAR_M, distance + 1),
    ]
    prism = daylight.Prism(turned(corners, azimuth_deg), height)
    return daylight.walls_of([prism])


def hours(daylight: Any, view: Any, walls: Any, latitude: float, date: str) -> float:
    # Where mean solar time is the clock's; a step of two minutes.
    suns = daylight.suns_of(daylight.Location(latitude, 0, 0), [date], 2)
    return float(daylight.sun_hours(view, walls, suns, 1, 2)[0, 0])


def declination(daylight: Any, latitude: float, date: str) -> float:
    """Of the date's noon, from the altitude at true solar noon; refraction is small there."""
    path = daylight.Sunpath(latitude, 0, 0)
    noon = path.calculate_sun(int(date[:2]), int(date[3:]), 12, is_solar_time=True)
    return math.radians(noon.altitude - 90 + latitude)


def half_day_h(cosine: float) -> float:
    return 12 / math.pi * math.acos(max(-1.0, min(1.0, cosine)))


def test_open_wall_sees_39_6_percent(daylight: Any) -> None:
    found = daylight.sky_component(facade_looking(daylight, 200), daylight.walls_of([]))
    assert found == pytest.approx(39.6, abs=0.02)
    assert found == pytest.approx(100 * (math.pi / 2 + 4 / 3) / 3 / OPEN, abs=1e-4)


def test_open_ground_sees_everything(daylight: Any) -> None:
    view = daylight.View(np.array([[0.0, 0.0, 0.0]]), None)
    assert daylight.sky_component(view, daylight.walls_of([])) == pytest.approx(100, abs=1e-9)


@pytest.mark.parametrize(("height", "distance"), HEIGHTS)
@pytest.mark.parametrize("azimuth_deg", [0, 37, 180, 311])
def test_facade_opposite_a_wall(
    daylight: Any, height: float, distance: float, azimuth_deg: float
) -> None:
    angle = math.atan2(height, distance)
    expected = (math.pi / 2 * (1 - math.sin(angle)) + 4 / 3 * math.cos(angle) ** 2) / 3 / OPEN
    walls = wall(daylight, height, distance, azimuth_deg)
    found = daylight.sky_component(facade_looking(daylight, azimuth_deg), walls)
    assert found == pytest.approx(100 * expected, abs=1e-3)


@pytest.mark.parametrize(("height", "distance"), HEIGHTS)
@pytest.mark.parametrize("azimuth_deg", [0, 118])
def test_ground_beside_a_wall(
    daylight: Any, height: float, distance: float, azimuth_deg: float
) -> None:
    angle = math.atan2(height, distance)
    uniform = math.pi / 2 * (1 + math.cos(angle))
    bright = 4 / 3 * (math.pi - angle + math.sin(2 * angle) / 2)
    walls = wall(daylight, height, distance, azimuth_deg)
    found = daylight.sky_component(daylight.View(np.zeros((1, 3)), None), walls)
    assert found == pytest.approx(100 * (uniform + bright) / 3 / OPEN, abs=1e-3)


def test_sill_takes_off_the_lower_part_of_the_wall(daylight: Any) -> None:
    low = daylight.sky_component(facade_looking(daylight, 90, 4), wall(daylight, 14, 10, 90))
    level = daylight.sky_component(facade_looking(daylight, 90), wall(daylight, 10, 10, 90))
    assert low == pytest.approx(level)


@pytest.mark.parametrize("latitude", [35, 48, 52])
@pytest.mark.parametrize("date", ["12-21", "02-10", "05-10", "06-21"])
@pytest.mark.parametrize(("height", "distance"), [(0.0, 10.0), (2.0, 10.0), (5.0, 10.0)])
def test_sun_over_a_wall_to_the_south(
    daylight: Any, latitude: float, date: str, height: float, distance: float
) -> None:
    tilted = math.radians(latitude) + math.atan2(height, distance)
    sunk = declination(daylight, latitude, date)
    # Refraction lifts the sun over an open horizon; over a wall it is well below 0.1 degrees.
    lift = 0.0 if height else math.sin(math.radians(LIFT_DEG)) / math.cos(tilted) / math.cos(sunk)
    over_wall = half_day_h(-math.tan(sunk) * math.tan(tilted) - lift)
    # In summer the sun rises behind a facade that looks south.
    in_front = half_day_h(math.tan(sunk) / math.tan(math.radians(latitude)))
    walls = wall(daylight, height, distance, 180) if height else daylight.walls_of([])
    found = hours(daylight, facade_looking(daylight, 180), walls, latitude, date)
    assert found == pytest.approx(2 * min(over_wall, in_front), abs=0.1)


@pytest.mark.parametrize("azimuth_deg", [90, 270])
@pytest.mark.parametrize("angle_deg", [20, 45])
def test_sun_over_a_wall_to_the_east_or_west(
    daylight: Any, azimuth_deg: float, angle_deg: float
) -> None:
    # At the equinox on the equator the sun climbs 15 degrees an hour straight up.
    walls = wall(daylight, 10 * math.tan(math.radians(angle_deg)), 10, azimuth_deg)
    found = hours(daylight, facade_looking(daylight, azimuth_deg), walls, 0, "03-21")
    assert found == pytest.approx((90 - angle_deg) / 15, abs=0.05)


def test_wall_above_the_equinox_sun_hides_it_all_day(daylight: Any) -> None:
    # At the equinox the sun keeps one profile angle all day: 90 degrees less the latitude. What
    # remains is the sun's own quarter of a degree past the equinox, as it rises and sets.
    view, limit = facade_looking(daylight, 180), 10 * math.tan(math.radians(90 - 52))
    hidden = hours(daylight, view, wall(daylight, limit + 3, 10, 180), 52, "03-21")
    seen = hours(daylight, view, wall(daylight, limit - 3, 10, 180), 52, "03-21")
    assert hidden < 0.5
    assert seen > 11
