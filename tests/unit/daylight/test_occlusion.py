"""Horizons agree with rays cast at every building, and do not depend on how a scene is turned."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon

from tests.unit.daylight.scenes import Ask, box, example

AZIMUTHS = np.radians(np.arange(0.5, 360, 7))
FAR_M = 1e4


@st.composite
def stars(draw: st.DrawFn) -> list[tuple[float, float]]:
    """A simple footprint, convex or concave, away from the origin."""
    count = draw(st.integers(3, 7))
    away, turn = draw(st.floats(16, 40)), draw(st.floats(0, math.tau))
    x, y = away * math.sin(turn), away * math.cos(turn)
    radii = [draw(st.floats(2, 14)) for _ in range(count)]
    angles = [math.tau * index / count for index in range(count)]
    return [
        (round(x + r * math.cos(a), 2), round(y + r * math.sin(a), 2))
        for r, a in zip(radii, angles, strict=True)
    ]


def cast(buildings: list[tuple[list[tuple[float, float]], float]], eye_m: float) -> Any:
    """The tangent of the horizon from the origin along each azimuth, by cutting rays."""
    found = np.zeros(len(AZIMUTHS))
    for place, azimuth in enumerate(AZIMUTHS):
        ray = LineString([(0, 0), (FAR_M * math.sin(azimuth), FAR_M * math.cos(azimuth))])
        for corners, height_m in buildings:
            met = ray.intersection(Polygon(corners))
            if not met.is_empty:
                rise = (height_m - eye_m) / Point(0, 0).distance(met)
                found[place] = max(found[place], rise)
    return found


@given(
    footprints=st.lists(stars(), min_size=1, max_size=3),
    heights=st.lists(st.floats(1, 40), min_size=3, max_size=3),
    eye_m=st.floats(0, 12),
    backwards=st.booleans(),
)
@settings(max_examples=40)
def test_horizon_is_where_rays_meet_buildings(
    daylight: Any,
    footprints: list[list[tuple[float, float]]],
    heights: list[float],
    eye_m: float,
    backwards: bool,
) -> None:
    order = -1 if backwards else 1
    prisms = [
        daylight.Prism(np.array(corners[::order]), height)
        for corners, height in zip(footprints, heights, strict=False)
    ]
    sensors = np.array([[0.0, 0.0, eye_m]])
    found = daylight.horizons(sensors, daylight.walls_of(prisms), AZIMUTHS)[0]
    expected = cast(list(zip(footprints, heights, strict=False)), eye_m)
    assert found == pytest.approx(expected, abs=1e-9)


def turned(points: Any, angle_deg: float) -> Any:
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return (np.array(points) @ np.array([[cos, -sin], [sin, cos]])).tolist()


@pytest.mark.parametrize("angle_deg", [30, 90, 145.5, 270])
def test_sky_does_not_depend_on_how_the_scene_is_turned(ask: Ask, angle_deg: float) -> None:
    inputs = example("minimal")
    inputs["surface"]["grid_size"] = 4
    straight = ask(inputs)["kpis"]
    inputs["surface"]["facade"]["segment"] = turned(
        inputs["surface"]["facade"]["segment"], angle_deg
    )
    for building in inputs["context"]:
        building["footprint"] = turned(building["footprint"], angle_deg)
    found = ask(inputs)["kpis"]
    assert found["median_vsc_percent"] == pytest.approx(straight["median_vsc_percent"], abs=0.05)


@pytest.mark.parametrize(("angle_deg", "hours"), [(0, 0), (90, 6), (180, 12), (270, 6)])
def test_sun_depends_on_where_a_facade_looks(ask: Ask, angle_deg: float, hours: float) -> None:
    # At the equinox: north, then east, south and west.
    surface = {
        "facade": {"segment": turned([[10, 0], [0, 0]], angle_deg), "height": 3},
        "grid_size": 5,
    }
    location = {"latitude": 45, "longitude": 0, "utc_offset": 0}
    found = ask({"location": location, "surface": surface, "time_step": 4})
    assert [one["exposure_hours"] for one in found["sensors"]] == pytest.approx(
        [hours] * 2, abs=0.25
    )


def test_buildings_behind_a_facade_and_its_own_house_take_nothing(ask: Ask) -> None:
    surface = {"facade": {"segment": [[0, 0], [12, 0]], "height": 9}, "grid_size": 3}
    location = {"latitude": 45, "longitude": 9, "utc_offset": 1}
    alone = ask({"location": location, "surface": surface})["sensors"]
    behind = [box(0, 0, 12, 10, 9), box(-30, 40, 80, 10, 60)]
    found = ask({"location": location, "surface": surface, "context": behind})["sensors"]
    assert found == alone


def test_own_wing_takes_sky_and_morning_sun(ask: Ask) -> None:
    surface = {"facade": {"segment": [[0, 0], [12, 0]], "height": 9}, "grid_size": 3}
    location = {"latitude": 45, "longitude": 9, "utc_offset": 1}
    alone = ask({"location": location, "surface": surface})["sensors"]
    wing = [box(12, -8, 5, 18, 12)]
    found = ask({"location": location, "surface": surface, "context": wing})["sensors"]
    pairs = list(zip(found, alone, strict=True))
    assert all(one["vsc_percent"] < other["vsc_percent"] for one, other in pairs)
    assert all(one["exposure_hours"] < other["exposure_hours"] for one, other in pairs)
    assert found[3]["vsc_percent"] < found[0]["vsc_percent"]
