"""Lines, polylines, rectangles and circles.

Rounded rectangles are refused: this server holds polylines, lines and circles.

Source of the GUIDs: as in arithmetic.py.
"""

from itertools import pairwise

from rhino3dm import Line, Plane, Point3d, Vector3d

from devstack.rhino_compute.components.component import Component, component
from devstack.rhino_compute.errors import SolveError, UnsupportedError
from devstack.rhino_compute.matching import ValueList
from devstack.rhino_compute.rhino_geometry import planes, vectors
from devstack.rhino_compute.rhino_geometry.curves import (
    CircleCurve,
    Curve,
    LineCurve,
    PolylineCurve,
)
from devstack.rhino_compute.rhino_geometry.shapes import Circle, Interval, Rectangle

LEAST_POINTS = 2


def _line_from(start: Point3d, direction: Vector3d, length: float) -> Line:
    return Line(start, vectors.moved(start, vectors.unit(direction), length))


def _polyline(vertices: list[Point3d | None], closed: bool) -> PolylineCurve:  # noqa: FBT001 - an input of the component
    places = [place for place in vertices if place is not None]
    if len(places) < LEAST_POINTS:
        raise SolveError("Insufficient points for polyline")
    return PolylineCurve([*places, places[0]] if closed else places)


def _exploded(curve: Curve, _recursive: bool) -> tuple[ValueList, ValueList]:  # noqa: FBT001 - an input of the component
    """Return the segments, and the vertices; a closed curve's seam counts twice."""
    if isinstance(curve, CircleCurve):
        raise UnsupportedError("exploding circles is not supported")
    vertices = curve.TryGetPolyline()[1]
    pairs = pairwise(vertices)
    return ValueList([LineCurve(pair) for pair in pairs]), ValueList([*vertices])


def _rectangle(
    plane: Plane, x: Interval, y: Interval, radius: float | None
) -> tuple[Rectangle, float]:
    if radius:
        raise UnsupportedError("rectangles with a corner radius are not supported")
    made = Rectangle(plane, x, y)
    return made, made.Circumference


def _rectangle_between(
    plane: Plane, start: Point3d, end: Point3d, radius: float | None
) -> tuple[Rectangle, float]:
    """Return the rectangle between two corners, seen along the plane's z axis."""
    (left, low, _), (right, high, _) = (planes.coordinates(plane, p) for p in (start, end))
    x, y = Interval(*sorted((left, right))), Interval(*sorted((low, high)))
    return _rectangle(plane, x, y, radius)


def _circle(plane: Plane, radius: float) -> Circle:
    if radius <= 0:
        raise SolveError("The radius of a circle must be positive")
    return Circle(plane, radius)


COMPONENTS: dict[str, Component] = {
    "4c4e56eb-2f04-43f9-95a3-cc46a14f495a": component("Line", "Point", Line),
    "4c619bc9-39fd-4717-82a6-1e07ea237bbe": component(
        "Line SDL", "Point Vector Number", _line_from
    ),
    "71b5b089-500a-4ea6-81c5-2f960441a0e8": component("PolyLine", "[Point] Boolean", _polyline),
    "afb96615-c59a-45c9-9cac-e27acb1c7ca0": component("Explode", "Curve Boolean", _exploded),
    "d93100b6-d50b-40b2-831a-814659dc38e3": component(
        "Rectangle", "Plane Domain Domain Number", _rectangle
    ),
    "575660b1-8c79-4b8d-9222-7ab4a6ddb359": component(
        "Rectangle 2Pt", "Plane Point Point Number", _rectangle_between
    ),
    "807b86e3-be8d-4970-92b5-f8cdcb45b06b": component("Circle", "Plane Number", _circle),
}
