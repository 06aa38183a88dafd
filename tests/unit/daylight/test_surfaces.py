"""Surfaces as cells, key figures, and what is refused with a reason."""

import re
from typing import Any

import pytest

from contracts.errors import ContractViolationError
from contracts.registry import Registry
from tests.unit.daylight.scenes import BERLIN, Ask, Draw, box, example

SQUARE = box(0, 0, 4, 3, 1)["footprint"]
GROUND = {"ground": {"polygon": SQUARE}, "grid_size": 1}
FACADE = {"facade": {"segment": [[0, 0], [10, 0]], "height": 6}, "grid_size": 2}


def asked(surface: Any, **more: Any) -> dict[str, Any]:
    return {"location": BERLIN, "surface": surface, **more}


def test_golden_facade(ask: Ask) -> None:
    found = ask(example("minimal"))
    assert found["refusals"] == []
    assert found["kpis"] == {
        "sensor_count": 420,
        "exposure_share": {"minimum": 1.0, "medium": 1.0, "high": 0.7857},
        "median_vsc_percent": 15.2558,
        "worst_sensor": {
            "index": 6,
            "position": [6.5, 0.0, 1.37],
            "exposure_hours": 3.1667,
            "vsc_percent": 8.4882,
        },
    }
    assert found["sensors"][0] == {
        "position": [0.5, 0.0, 1.37],
        "sun_hours": [4.0],
        "exposure_hours": 4.0,
        "vsc_percent": 9.776,
    }


def test_golden_ground(ask: Ask) -> None:
    found = ask(example("courtyard"))
    assert found["kpis"]["exposure_share"] == {"minimum": 0.8663, "medium": 0.5122, "high": 0.2768}
    assert found["kpis"]["worst_sensor"]["exposure_hours"] == 0.6667
    spring, summer, winter = zip(*(one["sun_hours"] for one in found["sensors"]), strict=True)
    assert sum(summer) > sum(spring) > sum(winter)
    assert [one["exposure_hours"] for one in found["sensors"]] == list(spring)


def test_cells_of_a_facade_cover_it_and_are_no_larger_than_asked(ask: Ask) -> None:
    found = ask(asked(FACADE, sill_height=1))
    positions = [tuple(one["position"]) for one in found["sensors"]]
    assert len(positions) == 5 * 3
    assert positions[0] == pytest.approx((1, 0, 1 + 5 / 6), abs=1e-4)
    assert positions[-1] == pytest.approx((9, 0, 6 - 5 / 6), abs=1e-4)


def test_cells_of_a_ground_lie_within_it(ask: Ask) -> None:
    corner = [[0, 0], [4, 0], [4, 1], [1, 1], [1, 3], [0, 3], [0, 0]]
    found = ask(asked({"ground": {"polygon": corner}, "grid_size": 1}, sill_height=0.5))
    assert [one["position"] for one in found["sensors"]] == [
        *([x + 0.5, 0.5, 0.5] for x in range(4)),
        [0.5, 1.5, 0.5],
        [0.5, 2.5, 0.5],
    ]
    assert {one["vsc_percent"] for one in found["sensors"]} == {100.0}


def test_direction_of_a_footprint_does_not_matter(ask: Ask) -> None:
    inputs = example("minimal")
    inputs["surface"]["grid_size"] = 5
    found = ask(inputs)["sensors"]
    for building in inputs["context"]:
        building["footprint"].reverse()
    assert ask(inputs)["sensors"] == found


def test_epw_header_says_the_same_as_degrees(ask: Ask) -> None:
    header = "LOCATION,Berlin,-,DEU,IWEC Data,103840, 52.52, 13.41, 1.0, 49.0"
    assert (
        ask(asked(GROUND))["sensors"]
        == ask({**asked(GROUND), "location": {"epw_header": header}})["sensors"]
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"context": [box(1, 1, 2, 1, 5)]}, r"2 sensors lie inside the building context\[0\]"),
        ({"surface": FACADE, "context": [box(20, 0, 1, 1, 3), box(-1, -1, 12, 2, 9)]}, "context.1"),
        ({"surface": FACADE, "sill_height": 6}, "ends at 6 m, below its sill at 6 m"),
        (
            {"location": {**BERLIN, "latitude": 70}, "dates": ["03-21", "12-21"]},
            "does not rise at latitude 70 on 12-21",
        ),
        ({"location": {"epw_header": "LOCATION,a,b,c,d,e,99,10,1,0"}}, "no place on Earth"),
    ],
)
def test_impossible_requests_are_refused_with_a_reason(
    ask: Ask, draw: Draw, change: dict[str, Any], reason: str
) -> None:
    found = ask({**asked(GROUND), **change})
    assert found["sensors"] == []
    assert found["kpis"] is None
    assert draw(found["drawing"]) is None
    with pytest.raises(ContractViolationError) as caught:
        check_outputs(found)
    assert caught.value.kind == "domain_violation"
    (broken,) = caught.value.violations
    assert (broken.code, broken.pointer) == ("not_refused", "/refusals")
    assert re.search(reason, broken.message)


def test_polygon_that_holds_no_middle_of_a_cell_is_refused(ask: Ask) -> None:
    thin = [[0, 0], [10, 0], [10, 10], [9.9, 10], [9.9, 0.1], [0, 0.1], [0, 0]]
    found = ask(asked({"ground": {"polygon": thin}, "grid_size": 5}))
    assert "narrower than the grid" in found["refusals"][0]


def test_sensors_above_a_roof_are_not_inside(ask: Ask) -> None:
    found = ask(asked(GROUND, sill_height=5, context=[box(1, 1, 2, 1, 5)]))
    assert found["refusals"] == []


def check_outputs(found: dict[str, Any]) -> None:
    """Check what the definition answered as the AppServer does."""
    contract = Registry.load().resolve("daylight", "daylight", "0.1.0")
    names = ("sensors", "refusals", "kpis")
    outputs = {name: found[name] for name in names if found[name] is not None}
    described = {"definition": "daylight", "version": "0.1.0", "seed": None, "warnings": []}
    described |= {"units": {"length": "m", "angle": "deg", "crs": None}, "generated_at": ""}
    described |= {"engine": {"name": "Rhino.Compute", "version": "8.0"}, "cache_hit": False}
    contract.outputs.check({**outputs, "artifacts": [], "metadata": described})


@pytest.mark.parametrize("name", ["minimal", "courtyard", "epw_header", "town"])
def test_examples_answer_as_the_contract_says(ask: Ask, name: str) -> None:
    check_outputs(ask(example(name)))
