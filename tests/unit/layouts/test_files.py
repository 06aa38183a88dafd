"""Golden examples, and the files of a layout."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from shapely.geometry import shape

from tests.unit.layouts.conftest import FOLDER, Layouts, example
from tests.unit.layouts.sites import site

SVG = "{http://www.w3.org/2000/svg}"
GOLDEN = {
    "minimal": (8, 20_000, 126.1569, 0, 90),
    "ascii_grid": (8, 20_000, 160.1219, 331.68, 0),
    "holes": (60, 60_000, 701.2826, 0, 0),
    "typical": (200, 300_000, 3285.5706, 8697.8461, 170),
}
FIGURES = ("asset_count", "total_capacity_kw", "road_length_m", "cut_volume_m3", "orientation_deg")


@pytest.mark.parametrize("name", GOLDEN)
def test_examples_give_the_golden_layout(layouts: Layouts, name: str) -> None:
    answer = layouts.run(example(name))
    assert tuple(answer[figure] for figure in FIGURES) == pytest.approx(GOLDEN[name], abs=1e-3)
    assert answer["fill_volume_m3"] == pytest.approx(answer["cut_volume_m3"], abs=1e-3)


def test_the_picture_of_the_readme_is_what_the_example_draws(layouts: Layouts) -> None:
    drawn = layouts.run(example("typical")).files["plan_svg"]
    assert (FOLDER / "plan.svg").read_text() == drawn + "\n"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own SVG


def test_the_plan_shows_figures_blocks_contours_and_a_scale(layouts: Layouts) -> None:
    svg = layouts.run(example("typical")).files["plan_svg"]
    written = texts(svg)
    assert written[0] == "300.0 MW in 200 blocks"
    assert {"N", "100 m", "220 m", "200", "exclusion", "contour"} <= set(written)
    assert svg.count('class="block"') == 200 + 1  # one in the legend
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "<script" not in svg


def test_a_plan_below_its_target_says_so(layouts: Layouts) -> None:
    svg = layouts.run(site(target_capacity_kw=1e7)).files["plan_svg"]
    assert texts(svg)[0].endswith("below the target")


def test_features_are_closed_counterclockwise_and_in_their_crs(layouts: Layouts) -> None:
    answer = layouts.run(example("holes"))
    polygons: list[Any] = [shape(f["geometry"]) for f in answer.features("assets")]
    assert all(polygon.is_valid and polygon.exterior.is_ccw for polygon in polygons)
    *roads, surface = answer.features("roads")
    assert [road["geometry"]["type"] for road in roads] == ["LineString"] * len(roads)
    assert shape(surface["geometry"]).is_valid
    assert {road["properties"]["width_m"] for road in roads} == {4.0}
    ids = [feature["id"] for feature in answer.features("assets")]
    assert ids == [asset["id"] for asset in answer.assets]
    assert "urn:ogc:def:crs:EPSG::25832" in answer.files["roads_geojson"]


def test_a_name_of_a_crs_is_escaped(script: dict[str, Any], layouts: Layouts) -> None:
    codes, answer = layouts.codes, layouts.run(site())
    drawn = {name: answer.found[name] for name in ("plan", "figures", "terrain")}
    scope: dict[str, Any] = {"crs": "<b>&", **drawn}
    exec(codes[1], scope)  # noqa: S102 - what Rhino does with it
    assert texts(scope["plan_svg"])[2].endswith("<b>&")
