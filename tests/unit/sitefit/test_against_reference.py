"""The search agrees with trying every candidate with shapely."""

import math
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import Polygon

Corners = list[tuple[float, float]]
ROTATION = (0, 180, 30)
TOUCH_M = 1e-9
TIE = 1e-9


@st.composite
def stars(draw: st.DrawFn, low: float, high: float) -> Corners:
    """Return a simple polygon around the origin, convex or concave, on a centimetre grid."""
    count = draw(st.integers(3, 9))
    radii = [draw(st.floats(low, high)) for _ in range(count)]
    turn = draw(st.floats(0, math.tau))
    angles = [turn + math.tau * index / count for index in range(count)]
    return [
        (round(r * math.cos(a), 2), round(r * math.sin(a), 2))
        for r, a in zip(radii, angles, strict=True)
    ]


@st.composite
def rectangles(draw: st.DrawFn) -> Corners:
    width, depth = draw(st.integers(2, 12)), draw(st.integers(2, 12))
    return [(0, 0), (width, 0), (width, depth), (0, depth)]


PARCELS = st.one_of(
    stars(4, 16),
    rectangles(),
    st.just([(0, 0), (14, 0), (14, 6), (6, 6), (6, 14), (0, 14)]),
    st.just([(0, 0), (15, 0), (15, 10), (10, 10), (10, 4), (5, 4), (5, 10), (0, 10)]),
)
HOUSES = st.one_of(
    stars(1, 4), rectangles(), st.just([(0, 0), (4, 0), (4, 2), (2, 2), (2, 4), (0, 4)])
)


def steps(span: float, step: float) -> int:
    return math.floor((span + 1e-9) / step) + 1


def reference(parcel: Corners, house: Corners, grid_step: float) -> list[tuple[float, ...]]:
    """Return (score, angle, x, y) of the five best centroids, by trying all of them."""
    ground, footprint = Polygon(parcel), Polygon(house)
    left, low, right, top = ground.bounds
    grown = ground.buffer(TOUCH_M, join_style="mitre")
    use = footprint.area / ground.area
    constant = 0.3 * (ground.area - footprint.area) / 1000 + 0.3 * max(0, 1 - 2 * abs(use - 0.4))
    found: list[tuple[float, ...]] = []
    for turn in range(steps(ROTATION[1], ROTATION[2])):
        angle = turn * ROTATION[2]
        turned = affinity.rotate(footprint, angle, origin=footprint.centroid)
        for column in range(steps(right - left, grid_step)):
            for row in range(steps(top - low, grid_step)):
                x, y = left + column * grid_step, low + row * grid_step
                centroid = footprint.centroid
                placed = affinity.translate(turned, x - centroid.x, y - centroid.y)
                if grown.covers(placed):
                    setback = placed.distance(ground.exterior)
                    away = math.hypot(x - ground.centroid.x, y - ground.centroid.y)
                    found.append((constant + 0.4 * setback, round(away, 9), angle, x, y))
    best: list[tuple[float, ...]] = []
    while found and len(best) < 5:
        top_score = max(candidate[0] for candidate in found)
        equal = [candidate for candidate in found if candidate[0] >= top_score - TIE]
        chosen = min(equal, key=lambda candidate: candidate[1:])
        found.remove(chosen)
        best.append((chosen[0], *chosen[2:]))
    return best


def centroids(
    results: list[dict[str, Any]], house: Corners
) -> list[tuple[float, float, float, float]]:
    centroid = Polygon(house).centroid
    return [
        (
            result["score"],
            result["transform"]["rotation"]["value"],
            centroid.x + result["transform"]["translation"]["x"],
            centroid.y + result["transform"]["translation"]["y"],
        )
        for result in results
    ]


@given(parcel=PARCELS, house=HOUSES, grid_step=st.sampled_from([1.0, 1.5, 2.0]))
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_search_finds_what_trying_everything_finds(
    sitefit: Any, parcel: Corners, house: Corners, grid_step: float
) -> None:
    results = sitefit.results(parcel, house, rotation=ROTATION, grid_step=grid_step)
    found, expected = centroids(results, house), reference(parcel, house, grid_step)
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert all(abs(a - b) < 2e-6 for a, b in zip(one, other, strict=True)), (found, expected)
