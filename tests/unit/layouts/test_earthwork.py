"""Cut and fill against closed forms: planes, a ridge, a pyramid; and against sampling."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.layouts.conftest import Layouts
from tests.unit.layouts.sites import site, terrain

Script = dict[str, Any]


def ground(script: Script, height: Callable[[float, float], float], cell: float = 10) -> Any:
    heights = [[height(c * cell, r * cell) for c in range(11)] for r in range(11)]
    return script["Terrain"](np.zeros(2), cell, np.array(heights))


def pad(middle: tuple[float, float], width: float, depth: float, turn_deg: float = 0) -> Any:
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [width / 2, depth / 2]
    cos, sin = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
    return (corners @ np.array([[cos, sin], [-sin, cos]]) + middle)[None]


@pytest.mark.parametrize("turn_deg", [0, 30, 90, 137])
@pytest.mark.parametrize(("along", "across"), [(0.05, 0), (0, -0.08), (0.06, 0.04), (0.02, 0.09)])
def test_a_pad_on_a_plane_cuts_what_it_fills(
    script: Script, turn_deg: float, along: float, across: float
) -> None:
    width, depth = 34.0, 18.0
    cos, sin = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
    slope_x, slope_y = along * cos - across * sin, along * sin + across * cos
    plane = ground(script, lambda x, y: 100 + slope_x * x + slope_y * y)
    work = script["level_pads"](plane, pad((47, 53), width, depth, turn_deg))
    rise, lesser = sorted((abs(along) * width / 2, abs(across) * depth / 2), reverse=True)
    expected = width * depth * (rise / 4 + lesser**2 / (12 * rise))
    assert work.levels_m[0] == pytest.approx(100 + slope_x * 47 + slope_y * 53)
    assert work.cut_m3[0] == pytest.approx(expected)
    assert work.fill_m3[0] == pytest.approx(expected)


def test_a_ridge_is_a_prism(script: Script) -> None:
    ridge = ground(script, lambda x, _y: 6.0 if x == 50 else 0.0)
    work = script["level_pads"](ridge, pad((50, 43), 20, 7))
    assert work.levels_m[0] == pytest.approx(3)
    assert work.cut_m3[0] == pytest.approx(6 * 10 * 7 / 4)
    assert work.fill_m3[0] == pytest.approx(6 * 10 * 7 / 4)


def test_a_single_high_point_is_a_pyramid(script: Script) -> None:
    peak = ground(script, lambda x, y: 8.0 if (x, y) == (50, 50) else 0.0)
    work = script["level_pads"](peak, pad((50, 50), 20, 20))
    assert work.levels_m[0] == pytest.approx(8 / 4)
    assert work.cut_m3[0] == pytest.approx(10 * 10 * 8 * 27 / 64)


def test_level_ground_needs_no_earthwork(script: Script) -> None:
    work = script["level_pads"](ground(script, lambda _x, _y: 7.0), pad((31, 42), 12, 5, 20))
    assert (work.levels_m[0], work.cut_m3[0], work.fill_m3[0]) == pytest.approx((7, 0, 0))


@given(
    seed=st.integers(0, 2**32 - 1),
    turn_deg=st.floats(0, 180),
    middle=st.tuples(st.floats(30, 70), st.floats(30, 70)),
)
def test_rough_ground_balances_and_agrees_with_sampling(
    script: Script, seed: int, turn_deg: float, middle: tuple[float, float]
) -> None:
    heights = np.random.default_rng(seed).uniform(0, 5, (11, 11))
    rough = script["Terrain"](np.zeros(2), 10.0, heights)
    outline = pad(middle, 26, 14, turn_deg)
    work = script["level_pads"](rough, outline)
    shares = (np.arange(120) + 0.5) / 120
    across, up = np.meshgrid(shares, shares)
    one, two, _, four = outline[0]
    points = one + across.reshape(-1, 1) * (two - one) + up.reshape(-1, 1) * (four - one)
    sampled = script["heights_at"](rough, points)
    above = np.maximum(sampled - work.levels_m[0], 0).mean() * 26 * 14
    assert work.cut_m3[0] == pytest.approx(work.fill_m3[0])
    assert work.levels_m[0] == pytest.approx(sampled.mean(), abs=0.01)
    assert work.cut_m3[0] == pytest.approx(above, rel=0.02, abs=0.5)


def test_a_layout_sums_up_its_pads(layouts: Layouts) -> None:
    sloping = terrain(lambda x, y: 50 + 0.04 * y + 0.0 * x)
    answer = layouts.run(site(**sloping))
    each = 0.04 * 10**2 * 20 / 8
    assert [asset["cut_m3"] for asset in answer.assets] == pytest.approx([each] * 10)
    assert answer["cut_volume_m3"] == pytest.approx(10 * each)
    assert answer["fill_volume_m3"] == pytest.approx(10 * each)
    for asset in answer.assets:
        assert asset["pad_level_m"] == pytest.approx(50 + 0.04 * asset["centre"][1])


def test_flatter_ground_is_built_on_first(layouts: Layouts) -> None:
    valley = terrain(lambda x, _y: 0.0 if x <= 100 else 1.0 * (x - 100))
    freely = {"target_capacity_kw": 14_000, "slope_limit_percent": 100}
    east = layouts.run(site(**valley, **freely))
    assert east["cut_volume_m3"] == 0
    assert max(asset["centre"][0] for asset in east.assets) < 100


def test_an_ascii_grid_means_the_same_as_a_grid(layouts: Layouts) -> None:
    def height(x: float, y: float) -> float:
        return round(20 + 0.03 * x + 2 * math.sin(y / 25), 4)

    rows = [" ".join(str(height(c * 10, r * 10)) for c in range(21)) for r in range(12, -1, -1)]
    header = "ncols 21\nNROWS 13\nxllcorner -5\nyllcorner -5\ncellsize 10\nNODATA_value -9999\n"
    text = {"use_terrain": True, "terrain": {"ascii_grid": header + "\n".join(rows)}}
    one, other = layouts.run(site(**terrain(height))), layouts.run(site(**text))
    assert one.assets == other.assets
    assert one["cut_volume_m3"] == other["cut_volume_m3"] > 0
