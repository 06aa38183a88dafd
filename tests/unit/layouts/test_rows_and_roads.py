"""How many blocks fit, and how roads reach them: cases that can be counted by hand."""

import ast
from typing import Any

import pytest
import shapely

from tests.unit.layouts.conftest import FOLDER, Layouts
from tests.unit.layouts.sites import box, ring, site, terrain


def test_rows_fill_a_rectangle(layouts: Layouts) -> None:
    answer = layouts.run(site(220, 70, target_capacity_kw=1e6, setback_m=10, road_width_m=6))
    assert answer["asset_count"] == 10 * 4
    assert answer["target_met"] is False


@pytest.mark.parametrize(
    ("target_kw", "count"), [(1, 1), (1000, 1), (1001, 2), (9999.5, 10), (10_000, 10)]
)
def test_capacity_reaches_the_target_by_less_than_a_block(
    layouts: Layouts, target_kw: float, count: int
) -> None:
    answer = layouts.run(site(target_capacity_kw=target_kw))
    assert (answer["asset_count"], answer["target_met"]) == (count, True)
    assert answer["total_capacity_kw"] == 1000 * count


def test_rows_turn_with_the_site(layouts: Layouts) -> None:
    slanted = ring([(0, 0), (150, 150), (120, 180), (-30, 30)])
    free = {"rows": {"spacing_m": 2}, "setback_m": 6, "target_capacity_kw": 60_000}
    answer = layouts.run(site(boundary={"coordinates": slanted}, entrance=[75, 75], **free))
    assert answer["orientation_deg"] == 45


@pytest.mark.parametrize("shift", [(0, 0), (512_345.6, 5_402_109.7), (-71.3, 13)])
def test_a_layout_moves_with_its_site(layouts: Layouts, shift: tuple[float, float]) -> None:
    east, north = shift
    moved = site(
        boundary={"coordinates": [[x + east, y + north] for x, y in box(0, 0, 200, 120)]},
        entrance=[100 + east, north],
        exclusions=[[[x + east, y + north] for x, y in box(40, 30, 60, 50)]],
    )
    here = layouts.run(site(exclusions=[box(40, 30, 60, 50)]))
    there = layouts.run(moved)
    centres = [[x - east, y - north] for x, y in (asset["centre"] for asset in there.assets)]
    assert centres == [pytest.approx(asset["centre"], abs=1e-3) for asset in here.assets]
    assert there["road_length_m"] == pytest.approx(here["road_length_m"], abs=1e-3)


def test_a_road_goes_straight_to_a_single_block(layouts: Layouts) -> None:
    answer = layouts.run(site(60, 60, target_capacity_kw=1, setback_m=20, road_width_m=4))
    (asset,) = answer.assets
    assert asset["centre"][0] == 30
    low = answer.blocks[0].bounds[1]
    assert answer["road_length_m"] == pytest.approx(low - 2)


def test_one_road_serves_the_rows_on_both_sides(layouts: Layouts) -> None:
    answer = layouts.run(
        site(200, 60, entrance=[0, 30], target_capacity_kw=16_000, setback_m=15, road_width_m=6)
    )
    assert answer["asset_count"] == 16
    accesses = {asset["access"][1] for asset in answer.assets}
    assert len(accesses) == 1
    assert answer["road_length_m"] < 170


def test_a_road_goes_around_what_is_closed(layouts: Layouts) -> None:
    wall = [box(-10, 40, 190, 44)]
    beyond = site(exclusions=wall, setback_m=50, block=site()["block"] | {"depth_m": 8})
    answer = layouts.run(beyond | {"entrance": [10, 0], "target_capacity_kw": 1000})
    assert answer["road_length_m"] > 180
    assert answer.surface.intersection(shapely.Polygon(wall[0])).area < 0.01


def test_a_ridge_turns_a_road_away_but_for_its_pass(layouts: Layouts) -> None:
    def height(x: float, y: float) -> float:
        return 8.0 if 30 <= y <= 40 and x < 170 else 0.0

    block = {"block": site()["block"], "setback_m": 50, "target_capacity_kw": 1000}
    ridge = layouts.run(site(**terrain(height), **block, entrance=[20, 0]))
    flat = layouts.run(site(**terrain(lambda _x, _y: 0.0), **block, entrance=[20, 0]))
    assert flat["road_length_m"] < 90
    assert ridge["road_length_m"] > 200


def test_steep_ground_stays_free(layouts: Layouts) -> None:
    slope = terrain(lambda x, _y: max(0.0, x - 100) * 0.3)
    answer = layouts.run(site(**slope, target_capacity_kw=1e6, slope_limit_percent=10))
    assert answer["asset_count"] > 10
    assert max(block.bounds[2] for block in answer.blocks) <= 100 + 1e-4


def test_ground_of_unknown_height_stays_free(layouts: Layouts) -> None:
    known = terrain(lambda x, _y: None if x > 120 else 1.0)
    answer = layouts.run(site(**known, target_capacity_kw=1e6))
    assert max(block.bounds[2] for block in answer.blocks) <= 120 + 1e-4


def test_blocks_that_no_road_reaches_are_left_out(layouts: Layouts) -> None:
    divided = [box(120, -1, 130, 121)]
    answer = layouts.run(site(exclusions=divided, entrance=[60, 0], target_capacity_kw=1e6))
    assert max(block.bounds[2] for block in answer.blocks) <= 120


BIG = {"width_m": 20, "depth_m": 17, "rating_kw": 1}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "setback": (site(setback_m=60), "no_block_fits: no block of 20 x 10 m fits the 0 m2"),
    "size": (site(setback_m=52, block=BIG), "no_block_fits"),
    "tiny": (
        site(block={"width_m": 1, "depth_m": 1, "gap_m": 0, "rating_kw": 1}, rows={"spacing_m": 0}),
        "too_many_places: about 18000 blocks of 1 x 1 m fit",
    ),
    "closed": (site(exclusions=[box(-1, 1, 201, 121)]), "no_block_fits"),
    "outside": (site(entrance=[100, -5]), "entrance_outside: the entrance is 5.0 m"),
    "gate": (site(exclusions=[box(80, -5, 120, 20)]), "entrance_unreachable"),
    "divided": (
        site(exclusions=[box(-1, 15, 201, 20)], setback_m=6),
        "entrance_unreachable: no road 5 m wide",
    ),
    "steep": (site(**terrain(lambda x, _y: 0.5 * x)), "too_steep: a block of 20 x 10 m fits"),
    "cliff": (
        site(**terrain(lambda _x, y: 0.0 if y < 30 else 20.0), setback_m=41),
        "too_steep: every road",
    ),
    "uncovered": (
        site(**terrain(lambda _x, _y: 1.0, (150, 120))),
        "terrain_incomplete: the elevation grid ends 50.00 m inside the site in the east",
    ),
    "ragged": (
        site(use_terrain=True, terrain={"ascii_grid": "ncols 3\nnrows 2\ncellsize 9\n1 2 3"}),
        "terrain_unreadable",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_built_is_refused_with_the_reason(layouts: Layouts, case: str) -> None:
    inputs, reason = REFUSED[case]
    answer = layouts.run(inputs)
    (refusal,) = answer["refusals"]
    assert refusal.startswith(reason)
    assert (answer["asset_count"], answer.assets, answer.files["plan_svg"]) == (0, [], [])


def test_a_wrong_number_of_elevations_is_refused(layouts: Layouts) -> None:
    given = terrain(lambda _x, _y: 1.0)
    given["terrain"]["grid"]["elevations_m"].pop()
    (refusal,) = layouts.run(site(**given))["refusals"]
    assert refusal == "terrain_unreadable: 21 x 13 elevations are 273, not 272"


@pytest.mark.parametrize("source", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_source_keeps_to_the_syntax_of_rhinos_python(source: Any) -> None:
    ast.parse(source.read_text(), feature_version=(3, 9))
