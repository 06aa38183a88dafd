"""What holds for every layout of every site."""

import math
from typing import Any

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.layouts.conftest import Answer, Layouts
from tests.unit.layouts.sites import box, ring, site, terrain

ROUNDING_M = 2e-3


@st.composite
def sites(draw: st.DrawFn) -> dict[str, Any]:
    """A star-shaped site around (150, 150), perhaps with a hole, exclusions and rolling ground."""
    count = draw(st.integers(4, 9))
    radii = [draw(st.floats(60, 148)) for _ in range(count)]
    turn = draw(st.floats(0, math.tau))
    corners = [
        (
            150 + r * math.cos(turn + math.tau * i / count),
            150 + r * math.sin(turn + math.tau * i / count),
        )
        for i, r in enumerate(radii)
    ]
    share = draw(st.floats(0.1, 0.9))
    entrance = [a + share * (b - a) for a, b in zip(corners[0], corners[1], strict=True)]
    x, y = (draw(st.floats(90, 180)) for _ in range(2))
    hole = [box(140, 140, 152, 150)] if draw(st.booleans()) else []
    closed = [ring([(x, y), (x + 40, y + 5), (x + 20, y + 30)])] if draw(st.booleans()) else []
    wave = draw(st.integers(0, 6)) / 2
    rolling = terrain(lambda x, y: wave * math.sin(x / 40) * math.cos(y / 50), (300, 300), 15)
    return {
        **site(),
        "boundary": {"coordinates": ring(corners), "holes": hole},
        "exclusions": closed,
        "entrance": entrance,
        "target_capacity_kw": draw(st.floats(500, 60_000)),
        "block": {
            "width_m": draw(st.floats(6, 30)),
            "depth_m": draw(st.floats(4, 15)),
            "gap_m": draw(st.floats(0, 6)),
            "rating_kw": draw(st.floats(500, 4000)),
        },
        "rows": {
            "orientation": {"min": draw(st.integers(0, 40)), "max": 120, "step": 40},
            "spacing_m": draw(st.floats(0, 9)),
        },
        "setback_m": draw(st.floats(0, 20)),
        "road_width_m": draw(st.floats(2, 8)),
        "slope_limit_percent": 8,
        **(rolling if draw(st.booleans()) else {}),
    }


@given(inputs=sites())
@settings(max_examples=40)
def test_every_layout_keeps_the_rules(layouts: Layouts, inputs: dict[str, Any]) -> None:
    answer = layouts.run(inputs)
    if answer["refusals"]:
        assert answer["asset_count"] == 0
        return
    check_blocks(answer)
    check_roads(answer)
    capacity, rating = answer["total_capacity_kw"], inputs["block"]["rating_kw"]
    assert capacity < inputs["target_capacity_kw"] + rating
    assert answer["target_met"] is (capacity >= inputs["target_capacity_kw"] - 1e-6)


def check_blocks(answer: Answer) -> None:
    """Inside the setback, outside what is closed, apart from each other."""
    inputs, blocks = answer.inputs, answer.blocks
    room = shapely.buffer(answer.ground, ROUNDING_M).boundary
    together = shapely.union_all(blocks)
    area = inputs["block"]["width_m"] * inputs["block"]["depth_m"]
    assert answer["asset_count"] == len(blocks) == len(answer.assets)
    assert abs(together.area - area * len(blocks)) < ROUNDING_M * area * len(blocks)
    assert answer.ground.buffer(ROUNDING_M).covers(together)
    assert together.distance(room) >= inputs["setback_m"] - 2 * ROUNDING_M
    assert together.intersection(answer.closed).area < ROUNDING_M


def check_roads(answer: Answer) -> None:
    """From the entrance to every block, wide enough, over nothing that is closed."""
    inputs, surface = answer.inputs, answer.surface
    half = inputs["road_width_m"] / 2
    lines = shapely.multilinestrings([shapely.LineString(road["path"]) for road in answer.roads])
    assert abs(lines.length - answer["road_length_m"]) < ROUNDING_M * (1 + len(answer.roads))
    assert answer.ground.buffer(ROUNDING_M).covers(surface)
    assert surface.intersection(answer.closed).area < 0.05
    assert surface.intersection(shapely.union_all(answer.blocks)).area < 0.05
    assert shapely.buffer(lines, ROUNDING_M).geom_type == "Polygon"
    assert lines.distance(shapely.Point(inputs["entrance"])) < ROUNDING_M
    beyond_gate = lines.difference(shapely.Point(inputs["entrance"]).buffer(60))
    outside = shapely.buffer(beyond_gate, half, quad_segs=32).difference(answer.ground)
    assert outside.area < 0.05 or beyond_gate.is_empty
    for block, asset in zip(answer.blocks, answer.assets, strict=True):
        access = shapely.Point(asset["access"])
        assert lines.distance(access) < ROUNDING_M
        assert abs(block.distance(access) - half) < ROUNDING_M


@given(inputs=sites())
@settings(max_examples=5)
def test_equal_inputs_give_equal_bytes(layouts: Layouts, inputs: dict[str, Any]) -> None:
    one, other = layouts.run(inputs), layouts.run(inputs)
    for name in ("plan_svg", "assets_geojson", "roads_geojson"):
        assert one.files[name] == other.files[name]
    assert one.found["assets"] == other.found["assets"]
