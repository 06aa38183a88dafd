"""Files of daylight: a picture, a model that Khronos' validator passes, a map by its schema."""

import io
import json
import struct
from typing import Any

import numpy as np
import PIL.Image
import PIL.ImageChops
import PIL.ImageStat
import pytest
from shapely.geometry import Polygon, shape

from tests.builders.files import check_geojson, gltf_report
from tests.unit.daylight.scenes import BERLIN, FOLDER, Ask, Draw, Files, box, example

NAMES = ("minimal", "courtyard")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def made(ask: Ask, draw: Draw) -> dict[str, tuple[dict[str, Any], Files]]:
    answers = {name: ask(example(name)) for name in NAMES}
    return {
        name: (found, files)
        for name, found in answers.items()
        if (files := draw(found["drawing"])) is not None
    }


@pytest.mark.parametrize("name", NAMES)
def test_model_passes_the_validator_of_khronos(made: Any, name: str) -> None:
    found, files = made[name]
    report = gltf_report(files.model)
    assert report["issues"]["messages"] == []
    assert report["info"]["drawCallCount"] == 2
    walls = sum(len(one["footprint"]) - 1 for one in example(name)["context"])
    buildings = len(example(name)["context"])
    triangles = 2 * len(found["sensors"]) + 3 * walls - 2 * buildings
    assert report["info"]["totalTriangleCount"] == triangles


def test_validator_finds_what_is_wrong_with_a_model(made: Any) -> None:
    _, files = made["minimal"]
    assert gltf_report(files.model[:-4])["issues"]["numErrors"] > 0


def content(model: bytes) -> tuple[dict[str, Any], bytes]:
    (size,) = struct.unpack_from("<I", model, 12)
    return json.loads(model[20 : 20 + size]), model[28 + size :]


def test_model_is_bright_where_the_sun_is(made: Any) -> None:
    found, files = made["minimal"]
    described, buffer = content(files.model)
    attributes = described["meshes"][0]["primitives"][0]["attributes"]
    view = described["bufferViews"][described["accessors"][attributes["COLOR_0"]]["bufferView"]]
    start, size = view["byteOffset"], view["byteLength"]
    shades = np.frombuffer(buffer[start : start + size], np.uint8).reshape(-1, 4, 4)
    hours = [one["exposure_hours"] for one in found["sensors"]]
    brightness = shades[:, 0, :3].sum(axis=1)
    assert brightness[int(np.argmax(hours))] > 2 * brightness[int(np.argmin(hours))]
    assert (shades[:, :1] == shades).all()


def test_model_stands_upright(made: Any) -> None:
    described, _ = content(made["minimal"][1].model)
    bounds = [one for one in described["accessors"] if "max" in one]
    assert bounds[0]["max"] == pytest.approx([28, 15, 0], abs=1e-4)
    assert bounds[0]["min"] == pytest.approx([0, 0.9, 0], abs=1e-4)
    assert bounds[1]["max"][1] == max(one["height"] for one in example("minimal")["context"])


@pytest.mark.parametrize("name", NAMES)
def test_map_keeps_the_schema(made: Any, name: str) -> None:
    found, files = made[name]
    collection = json.loads(files.geojson)
    assert "crs" not in collection
    check_geojson(collection)
    roles = [one["properties"]["role"] for one in collection["features"]]
    assert roles.count("sensor") == len(found["sensors"])
    assert roles.count("building") == len(example(name)["context"])
    outlines = [shape(one["geometry"]) for one in collection["features"]]
    assert all(one.exterior.is_ccw for one in outlines if isinstance(one, Polygon))


def test_map_lies_around_the_location_in_true_size(made: Any) -> None:
    collection = json.loads(made["courtyard"][1].geojson)
    cell = next(one for one in collection["features"] if one["properties"]["role"] == "sensor")
    longitudes, latitudes = zip(*cell["geometry"]["coordinates"][0], strict=True)
    # A minute of latitude is a sea mile of 1,855 m at 52.5 degrees, of longitude 1,132 m.
    assert (max(latitudes) - min(latitudes)) * 60 * 1855 == pytest.approx(1, abs=0.01)
    assert (max(longitudes) - min(longitudes)) * 60 * 1132 == pytest.approx(1, abs=0.01)
    assert longitudes[0] == pytest.approx(BERLIN["longitude"], abs=0.001)


@pytest.mark.parametrize("name", NAMES)
def test_picture_is_a_png_that_is_wide_enough_to_read(made: Any, name: str) -> None:
    picture = made[name][1].heat_map
    assert picture.startswith(PNG)
    width, height = struct.unpack_from(">II", picture, 16)
    assert 900 <= width <= 1600
    assert 400 <= height <= 900


def test_the_picture_of_the_readme_is_what_the_example_draws(made: Any) -> None:
    # Fonts may differ by a shade from machine to machine, a picture of other figures does not.
    drawn = PIL.Image.open(io.BytesIO(made["minimal"][1].heat_map)).convert("RGB")
    shown = PIL.Image.open(FOLDER / "heat-map.png").convert("RGB")
    assert drawn.size == shown.size
    difference = PIL.ImageStat.Stat(PIL.ImageChops.difference(drawn, shown))
    assert max(difference.mean) < 0.5


def test_same_answer_gives_the_same_bytes(ask: Ask, draw: Draw, made: Any) -> None:
    again = draw(ask(example("minimal"))["drawing"])
    assert again == made["minimal"][1]


def test_open_field_has_a_model_of_the_surface_alone(ask: Ask, draw: Draw) -> None:
    surface = {"ground": {"polygon": box(0, 0, 2, 2, 1)["footprint"]}, "grid_size": 1}
    files = draw(ask({"location": BERLIN, "surface": surface})["drawing"])
    assert files is not None
    assert gltf_report(files.model)["info"]["drawCallCount"] == 1


def test_roof_of_a_footprint_with_corners_in_a_line(ask: Ask, draw: Draw) -> None:
    surface = {"ground": {"polygon": box(0, -9, 2, 2, 1)["footprint"]}, "grid_size": 1}
    comb = [
        [0, 0],
        [9, 0],
        [9, 5],
        [7, 5],
        [7, 2],
        [4.5, 2],
        [2, 2],
        [2, 5],
        [1, 5],
        [0, 5],
        [0, 0],
    ]
    context = [{"footprint": comb, "height": 4}]
    files = draw(ask({"location": BERLIN, "surface": surface, "context": context})["drawing"])
    assert files is not None
    described, buffer = content(files.model)
    part = described["meshes"][1]["primitives"][0]

    def array(accessor: int, kind: Any) -> Any:
        view = described["bufferViews"][described["accessors"][accessor]["bufferView"]]
        start = view["byteOffset"]
        return np.frombuffer(buffer[start : start + view["byteLength"]], kind).reshape(-1, 3)

    corners = array(part["attributes"]["POSITION"], np.float32)
    roof = corners[array(part["indices"], np.uint32)[20:]]
    assert (roof[..., 1] == 4).all()
    plan = roof[..., [0, 2]] * [1, -1]
    areas = [Polygon(one).area for one in plan]
    assert sum(areas) == pytest.approx(Polygon(comb).area)
