"""Points, vectors, planes, curves and transformations, with the paths of their results."""

import math

import pytest

from devstack.rhino_compute.rhino_geometry.curves import CircleCurve, LineCurve, PolylineCurve
from devstack.rhino_compute.rhino_geometry.planes import world_xy, world_xz
from devstack.rhino_compute.rhino_geometry.shapes import Circle, Interval, Rectangle
from devstack.rhino_compute.value_tree import Value
from tests.unit.rhino_compute.evaluating import (
    point,
    result,
    results,
    show,
    solve,
    tree_of,
    vector,
)

SQUARE = PolylineCurve([point(0, 0), point(4, 0), point(4, 4), point(0, 4), point(0, 0)])
BENT = PolylineCurve([point(0, 0), point(4, 0), point(4, 2)])
CIRCLE = Circle(world_xy(point(1, 1)), 2.0)
PLANE_AT_1 = ((0, 0, 1), (1, 0, 0), (0, 1, 0))


def test_points() -> None:
    assert result("Construct Point", [1, 2], 3, 4) == {"{0}": [(1, 3, 4), (2, 3, 4)]}
    assert results("Deconstruct", point(1, 2, 3), outputs="X Y Z") == [
        {"{0}": [1.0]},
        {"{0}": [2.0]},
        {"{0}": [3.0]},
    ]
    assert result("Distance", point(0, 0), "{3, 4, 0}") == {"{0}": [5.0]}


def test_vectors() -> None:
    assert results("Vector XYZ", 3, 4, 0, outputs="V L") == [{"{0}": [(3, 4, 0)]}, {"{0}": [5.0]}]
    assert results("Deconstruct Vector", vector(1, 2, 3), outputs="X Y Z")[2] == {"{0}": [3.0]}
    for axis, made in (("X", (2, 0, 0)), ("Y", (0, 2, 0)), ("Z", (0, 0, 2))):
        assert result(f"Unit {axis}", 2) == {"{0}": [made]}
    assert results("Vector 2Pt", point(1, 1), point(4, 5), True, outputs="V L") == [
        {"{0}": [(0.6, 0.8, 0)]},
        {"{0}": [5.0]},
    ]
    assert result("Amplitude", vector(3, 4), 10) == {"{0}": [(6, 8, 0)]}
    assert result("Unit Vector", vector(0, 2)) == {"{0}": [(0, 1, 0)]}
    assert result("Vector Length", vector(3, 4)) == {"{0}": [5.0]}


def test_planes() -> None:
    assert result("XY Plane", point(0, 0, 1)) == {"{0}": [PLANE_AT_1]}
    assert result("XZ Plane", point(0, 0)) == {"{0}": [((0, 0, 0), (1, 0, 0), (0, 0, 1))]}
    assert result("YZ Plane", point(0, 0)) == {"{0}": [((0, 0, 0), (0, 1, 0), (0, 0, 1))]}
    skewed = result("Construct Plane", point(0, 0, 1), vector(2, 0), vector(1, 1))
    assert skewed == {"{0}": [PLANE_AT_1]}
    assert results("Deconstruct Plane", world_xz(), outputs="O X Y Z") == [
        {"{0}": [(0, 0, 0)]},
        {"{0}": [(1, 0, 0)]},
        {"{0}": [(0, 0, 1)]},
        {"{0}": [(0, -1, 0)]},
    ]


def test_lines_and_polylines() -> None:
    assert result("Line", point(0, 0), [point(1, 0), point(0, 1)]) == {
        "{0}": [((0, 0, 0), (1, 0, 0)), ((0, 0, 0), (0, 1, 0))]
    }
    assert result("Line SDL", point(1, 0), vector(0, 5), 2) == {"{0}": [((1, 0, 0), (1, 2, 0))]}
    corners = [point(0, 0), point(1, 0), point(1, 1)]
    assert result("PolyLine", corners, True) == {
        "{0}": [[(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 0, 0)]]
    }


def test_exploding_gives_lines_and_vertices() -> None:
    segments, vertices = results("Explode", BENT, True, outputs="S V")
    assert segments == {"{0;0}": [[(0, 0, 0), (4, 0, 0)], [(4, 0, 0), (4, 2, 0)]]}
    assert vertices == {"{0;0}": [(0, 0, 0), (4, 0, 0), (4, 2, 0)]}


def test_rectangles_and_circles() -> None:
    rectangle, length = results(
        "Rectangle", world_xy(), 4, Interval(1, 3), None, outputs="R L", optional="a"
    )
    assert rectangle == {"{0}": [([(0, 1, 0), (4, 1, 0), (4, 3, 0), (0, 3, 0), (0, 1, 0)],)]}
    assert length == {"{0}": [12.0]}
    corners = result_of_corners(point(4, 3), point(1, 1))
    assert corners == [(1, 1, 0), (4, 1, 0), (4, 3, 0), (1, 3, 0), (1, 1, 0)]
    assert result("Circle", point(0, 0, 1), 2) == {"{0}": [(PLANE_AT_1, 2.0)]}


def result_of_corners(start: Value, end: Value) -> object:
    shown = results("Rectangle 2Pt", world_xy(), start, end, 0, outputs="R L")
    assert shown[1] == {"{0}": [10.0]}
    return shown[0]["{0}"][0][0]


def test_dividing_a_polyline_by_its_length() -> None:
    places, tangents, parameters = results("Divide Curve", BENT, 3, False, outputs="P T t")
    assert places == {"{0;0}": [(0, 0, 0), (2, 0, 0), (4, 0, 0), (4, 2, 0)]}
    assert tangents == {"{0;0}": [(1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 1, 0)]}
    assert parameters == {"{0;0}": [0.0, 0.5, 1.0, 2.0]}


def test_dividing_may_add_the_vertices() -> None:
    places, _, parameters = results("Divide Curve", BENT, 2, True, outputs="P T t")
    assert places == {"{0;0}": [(0, 0, 0), (3, 0, 0), (4, 0, 0), (4, 2, 0)]}
    assert parameters == {"{0;0}": [0.0, 0.75, 1.0, 2.0]}


def test_dividing_a_closed_curve_does_not_repeat_its_seam() -> None:
    places, tangents, parameters = results("Divide Curve", CIRCLE, 4, False, outputs="P T t")
    assert places == {"{0;0}": [(3, 1, 0), (1, 3, 0), (-1, 1, 0), (1, -1, 0)]}
    assert tangents == {"{0;0}": [(0, 1, 0), (-1, 0, 0), (0, -1, 0), (1, 0, 0)]}
    assert parameters["{0;0}"][1] == round(math.pi, 9)
    assert len(results("Divide Curve", SQUARE, 4, False, outputs="P T t")[0]["{0;0}"]) == 4


def test_dividing_a_line_counts_in_lengths() -> None:
    line = LineCurve([point(0, 0), point(10, 0)])
    _, _, parameters = results("Divide Curve", line, 2, False, outputs="P T t")
    assert parameters == {"{0;0}": [0.0, 5.0, 10.0]}


def test_evaluating_at_a_length() -> None:
    places, tangents, parameters = results(
        "Evaluate Length", BENT, [0.5, 1, 2], True, outputs="P T t"
    )
    assert places == {"{0}": [(3, 0, 0), (4, 2, 0), None]}
    assert tangents == {"{0}": [(1, 0, 0), (0, 1, 0), None]}
    assert parameters == {"{0}": [0.75, 2.0, None]}
    assert results("Evaluate Length", BENT, 5, False, outputs="P T t")[0] == {"{0}": [(4, 1, 0)]}


def test_lengths_and_ends() -> None:
    assert result("Length", [BENT, CIRCLE]) == {"{0}": [6.0, round(4 * math.pi, 9)]}
    assert results("End Points", [BENT, CIRCLE], outputs="S E") == [
        {"{0}": [(0, 0, 0), (3, 1, 0)]},
        {"{0}": [(4, 2, 0), (3, 1, 0)]},
    ]


def test_areas_and_their_centres() -> None:
    concave = PolylineCurve(
        [point(0, 0), point(4, 0), point(4, 1), point(1, 1), point(1, 4), point(0, 4), point(0, 0)]
    )
    shapes: list = [SQUARE, concave, CIRCLE, Rectangle(world_xz(), Interval(0, 2), Interval(0, 1))]
    areas, centers = results("Area", shapes, outputs="A C")
    assert areas == {"{0}": [16.0, 7.0, round(4 * math.pi, 9), 2.0]}
    assert centers["{0}"][0] == (2, 2, 0)
    assert centers["{0}"][1] == pytest.approx((19 / 14, 19 / 14, 0))
    assert centers["{0}"][2:] == [(1, 1, 0), (1, 0, 0.5)]


def test_moving_everything_that_can_be_held() -> None:
    shapes: list = [point(0, 0), SQUARE, CIRCLE, CircleCurve(CIRCLE), world_xy()]
    moved = solve("Move", shapes, vector(1, 0, 1), outputs="G X").trees[0].values
    assert show(moved[0]) == (1, 0, 1)
    assert show(moved[1])[0] == (1, 0, 1)
    assert show(moved[2]) == (((2, 1, 1), (1, 0, 0), (0, 1, 0)), 2.0)
    assert isinstance(moved[3], CircleCurve)
    assert show(moved[4]) == ((1, 0, 1), (1, 0, 0), (0, 1, 0))
    assert show(SQUARE)[0] == (0, 0, 0)


def test_rotating_scaling_and_mirroring() -> None:
    assert results("Rotate", point(2, 0), math.pi / 2, point(1, 0), outputs="G X")[0] == {
        "{0}": [(1, 1, 0)]
    }
    assert results("Scale", [point(2, 0), point(1, 3)], point(1, 0), 3, outputs="G X")[0] == {
        "{0}": [(4, 0, 0), (1, 9, 0)]
    }
    scaled = solve("Scale", CIRCLE, point(0, 0), 3, outputs="G X").trees[0].values
    assert show(scaled[0]) == (((3, 3, 0), (1, 0, 0), (0, 1, 0)), 6.0)
    assert results("Mirror", point(1, 2, 3), world_xz(point(0, 1)), outputs="G X")[0] == {
        "{0}": [(1, 0, 3)]
    }
    rectangle = Rectangle(world_xy(), Interval(0, 2), Interval(0, 1))
    doubled = results("Scale", rectangle, point(0, 0), 2, outputs="G X")[0]
    assert doubled["{0}"][0][0][2] == (4, 2, 0)


def test_every_shape_of_a_tree_keeps_its_path() -> None:
    given = {"0;1": [point(0, 0)], "3": [point(1, 0)]}
    shown = results("Move", given, vector(0, 1), outputs="G X")[0]
    assert shown == {"{0;1}": [(0, 1, 0)], "{3}": [(1, 1, 0)]}
    assert tree_of({"0;1": []}).paths == [(0, 1)]


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("PolyLine", ([point(0, 0)], False), "Insufficient points"),
        ("Circle", (point(0, 0), 0), "must be positive"),
        ("Rectangle", (world_xy(), 1, 1, 0.5), "corner radius are not supported"),
        ("Construct Plane", (point(0, 0), vector(1, 0), vector(2, 0)), "must not be parallel"),
        ("Divide Curve", (BENT, 0, False), "at least one"),
        ("Explode", (CIRCLE, True), "not supported"),
        ("Area", (BENT,), "needs a closed curve"),
        (
            "Area",
            (PolylineCurve([point(0, 0), point(1, 0), point(1, 1, 1), point(0, 1), point(0, 0)]),),
            "needs a planar curve",
        ),
        ("Area", (point(0, 0),), "not supported"),
        ("Scale", (point(0, 0), point(0, 0), 0), "must not be zero"),
        ("Length", (1,), "Data conversion failed from int to Curve"),
        ("Line", (point(0, 0), "1,2"), "Data conversion failed from str to Point"),
    ],
)
def test_impossible_geometry_is_a_runtime_error(name: str, given: tuple, message: str) -> None:
    (error,) = solve(name, *given, outputs="a b").errors
    assert message in error
    assert f': component "{name}" (' in error
