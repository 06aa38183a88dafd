"""The plan: an SVG that renders and a GeoJSON that maps can read."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from shapely.geometry import Polygon, shape

PARCEL = [(0, 0), (20, 0), (20, 30), (0, 30)]
HOUSE = [(0, 0), (10, 0), (10, 8), (0, 8)]
SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own SVG


def test_plan_shows_score_dimensions_scale_and_north(sitefit: Any) -> None:
    svg, _ = sitefit.draw(sitefit.place(PARCEL, HOUSE)["plan"])
    written = texts(svg)
    assert written[0] == "Score 2.696 · setback 6.00 m"
    assert written.count("30.00 m") == written.count("20.00 m") == 2
    assert {"6.00 m", "5 m", "N", "r1"} <= set(written)


def test_plan_draws_each_footprint_once(sitefit: Any) -> None:
    svg, _ = sitefit.draw(sitefit.place(PARCEL, HOUSE)["plan"])
    classes = re.findall(r'<polygon class="(\w+)"', svg)
    assert classes == ["parcel", *["other"] * 4, "best"]


def test_plan_needs_nothing_from_outside(sitefit: Any) -> None:
    svg, _ = sitefit.draw(sitefit.place(PARCEL, HOUSE)["plan"])
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "<script" not in svg


def test_geojson_holds_parcel_and_placements_in_their_crs(sitefit: Any) -> None:
    _, collection = sitefit.draw(sitefit.place(PARCEL[::-1], HOUSE)["plan"])
    assert collection["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::25832"
    roles = [feature["properties"]["role"] for feature in collection["features"]]
    assert roles == ["parcel", "house", *["alternative"] * 4]
    parcel, house, *_ = (shape(feature["geometry"]) for feature in collection["features"])
    assert isinstance(parcel, Polygon)
    assert parcel.exterior.is_ccw
    assert parcel.covers(house)
    assert house.bounds == (6, 10, 14, 20)
    assert collection["features"][1]["properties"]["min_setback_m"] == 6.0


def test_plan_without_placements_shows_the_parcel_alone(sitefit: Any) -> None:
    svg, collection = sitefit.draw(sitefit.place(HOUSE, PARCEL)["plan"])
    assert texts(svg)[0] == "No placement fits this parcel"
    assert [feature["properties"] for feature in collection["features"]] == [{"role": "parcel"}]


@pytest.mark.parametrize("crs", ["<b>&", 'EPSG:"1"'])
def test_name_of_the_crs_is_escaped(sitefit: Any, crs: str) -> None:
    svg, _ = sitefit.draw(sitefit.place(PARCEL, HOUSE)["plan"], crs)
    assert texts(svg)[1].endswith(crs)


@pytest.mark.parametrize("size", [0.5, 3000])
def test_scale_bar_is_a_round_length_that_fits(sitefit: Any, size: float) -> None:
    parcel = [(x * size, y * size) for x, y in PARCEL]
    plan = sitefit.place(parcel, HOUSE, rotation=(0, 0, 1), grid_step=size)["plan"]
    svg, _ = sitefit.draw(plan)
    width = re.search(r'class="rule" d="M40 [\d.]+V[\d.]+H([\d.]+)V', svg)
    assert width
    assert 80 <= float(width[1]) - 40 <= 200
