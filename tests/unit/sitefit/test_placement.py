"""The rule of sitefit: golden result, ties, concave parcels, nothing that fits."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3] / "contracts/sitefit/1.0.0"
PARCEL = [(0, 0), (20, 0), (20, 30), (0, 30)]
HOUSE = [(0, 0), (10, 0), (10, 8), (0, 8)]
CORNER = [(0, 0), (30, 0), (30, 12), (12, 12), (12, 30), (0, 30)]


def moves(results: list[dict[str, Any]]) -> list[tuple[float, float, float]]:
    found = [result["transform"] for result in results]
    return [(t["rotation"]["value"], t["translation"]["x"], t["translation"]["y"]) for t in found]


def test_golden_placement(sitefit: Any) -> None:
    best = sitefit.results(PARCEL, HOUSE)[0]
    assert best == {
        "id": "r1",
        "transform": {
            "rotation": {"axis": "z", "value": 90.0, "units": "deg"},
            "translation": {"x": 5.0, "y": 11.0, "z": 0.0, "units": "m"},
            "scale": {"uniform": 1.0},
        },
        "score": 2.696,
        "metrics": {
            "yard_area_m2": 520.0,
            "house_area_m2": 80.0,
            "min_setback_m": 6.0,
            "parcel_utilization": 0.133333,
            "orientation_deg": 90.0,
        },
        "tags": ["best"],
    }


def test_equal_scores_go_by_distance_to_the_middle_then_angle_then_position(sitefit: Any) -> None:
    results = sitefit.results(PARCEL, HOUSE)
    assert moves(results) == [(90, 5, 11), (90, 5, 10.5), (90, 5, 11.5), (90, 5, 10), (90, 5, 12)]
    assert [result["id"] for result in results] == ["r1", "r2", "r3", "r4", "r5"]


def test_square_on_a_square_prefers_the_smallest_equal_angle(sitefit: Any) -> None:
    square = [(0, 0), (10, 0), (10, 10), (0, 10)]
    house = [(0, 0), (4, 0), (4, 4), (0, 4)]
    results = sitefit.results(square, house, rotation=(0, 180, 90), grid_step=1)
    assert moves(results)[:3] == [(0, 3, 3), (90, 3, 3), (180, 3, 3)]


@pytest.mark.parametrize("shift", [(0, 0), (500_000, 5_400_000), (-17.3, 4.9)])
def test_placement_moves_with_the_parcel(sitefit: Any, shift: tuple[float, float]) -> None:
    parcel = [(x + shift[0], y + shift[1]) for x, y in PARCEL]
    best = moves(sitefit.results(parcel, HOUSE))[0]
    assert best == pytest.approx((90, 5 + shift[0], 11 + shift[1]), abs=1e-6)


@pytest.mark.parametrize("turn_parcel", [1, -1])
@pytest.mark.parametrize("turn_house", [1, -1])
def test_direction_of_rings_does_not_matter(
    sitefit: Any, turn_parcel: int, turn_house: int
) -> None:
    results = sitefit.results(PARCEL[::turn_parcel], HOUSE[::turn_house])
    assert moves(results)[0] == (90, 5, 11)


def test_touching_the_boundary_counts_as_inside(sitefit: Any) -> None:
    results = sitefit.results(HOUSE, HOUSE, rotation=(0, 0, 1), grid_step=1)
    assert moves(results) == [(0, 0, 0)]
    assert results[0]["metrics"]["min_setback_m"] == 0.0


def test_notch_of_a_concave_parcel_is_not_ground(sitefit: Any) -> None:
    around_notch = [(0, 0), (30, 0), (30, 20), (20, 20), (20, 5), (10, 5), (10, 20), (0, 20)]
    exactly_the_notch = [(0, 0), (10, 0), (10, 15), (0, 15)]
    results = sitefit.results(around_notch, exactly_the_notch, rotation=(0, 0, 1), grid_step=2.5)
    assert {x for _, x, _ in moves(results)} == {0, 20}


def test_rounding_of_a_turned_footprint_that_touches_does_not_put_it_outside(sitefit: Any) -> None:
    parcel = [(0, 0), (14, 0), (14, 6), (6, 6), (6, 14), (0, 14)]
    house = [(0, 0), (6, 0), (6, 8), (0, 8)]
    results = sitefit.results(parcel, house, rotation=(0, 180, 90), grid_step=1)
    assert moves(results)[:3] == [(0, 0, 2), (90, 3, -1), (180, 0, 2)]


def test_concave_parcel_measures_to_its_inner_corner(sitefit: Any) -> None:
    best = sitefit.results(CORNER, HOUSE)[0]
    assert best["metrics"]["min_setback_m"] == 2.0


def test_concave_house_fits_around_a_concave_corner(sitefit: Any) -> None:
    house = [(x * 0.8, y * 0.8) for x, y in CORNER]
    results = sitefit.results(CORNER, house, rotation=(0, 90, 90), grid_step=0.1)
    assert results[0]["transform"]["rotation"]["value"] == 0
    assert results[0]["metrics"]["min_setback_m"] > 0


def test_nothing_that_fits_gives_empty_lists(sitefit: Any) -> None:
    outputs = sitefit.place(HOUSE, PARCEL)
    assert [outputs[n] for n in ("id", "transform", "score", "metrics", "tags")] == [[]] * 5
    assert json.loads(outputs["plan"])["placements"] == []


def test_ranges_include_their_ends(sitefit: Any) -> None:
    tall = [(0, 0), (8, 0), (8, 10), (0, 10)]
    results = sitefit.results(tall, HOUSE, rotation=(0, 90, 0.1), grid_step=0.1)
    assert moves(results) == [(90, -1, 1)]


def test_repeated_points_change_nothing(sitefit: Any) -> None:
    parcel = [PARCEL[0], *PARCEL, PARCEL[-1]]
    assert moves(sitefit.results(parcel, HOUSE))[0] == (90, 5, 11)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rotation": (0, 180, 0)}, "rotation"),
        ({"rotation": (90, 0, 5)}, "rotation"),
        ({"grid_step": 0}, "grid_step"),
        ({"house": [(0, 0), (1, 1)]}, "house is not a closed ring"),
        ({"house": [(0, 0), (1, 1), (2, 2)]}, "no area"),
    ],
)
def test_unusable_input_is_an_error(sitefit: Any, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sitefit.results(**{"parcel": PARCEL, "house": HOUSE, **changes})


def test_large_parcel_is_searched(sitefit: Any) -> None:
    parcel = [(x * 40, y * 40) for x, y in CORNER]
    best = sitefit.results(parcel, HOUSE, grid_step=0.5)[0]
    assert best["metrics"]["min_setback_m"] > 200


@pytest.mark.parametrize("source", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_source_keeps_to_the_syntax_of_rhinos_python(source: Path) -> None:
    ast.parse(source.read_text(), feature_version=(3, 9))
