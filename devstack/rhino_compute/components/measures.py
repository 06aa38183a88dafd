"""Lengths, ends, divisions and areas of curves.

Source of the GUIDs: as in arithmetic.py; Area also in its obsolete form.
"""

import math
from itertools import pairwise

import rhino3dm
from rhino3dm import Point3d, Vector3d

from devstack.rhino_compute.components.component import Component, component
from devstack.rhino_compute.components.sequences import bounded
from devstack.rhino_compute.errors import SolveError, UnsupportedError
from devstack.rhino_compute.matching import ValueList
from devstack.rhino_compute.rhino_geometry import vectors
from devstack.rhino_compute.rhino_geometry.curves import CircleCurve, Curve, Polyline
from devstack.rhino_compute.rhino_geometry.mesh_faces import mesh_area
from devstack.rhino_compute.rhino_geometry.shapes import Circle, Rectangle

PLANAR_WITHIN = 1e-6
Divided = tuple[ValueList, ValueList, ValueList]
Evaluated = tuple[Point3d | None, Vector3d | None, float | None]
AreaOf = tuple[float, Point3d]


def _divided(curve: Curve, count: int, kinks: bool) -> Divided:  # noqa: FBT001 - an input of the component
    """Divide into equal lengths; a closed curve's seam is not repeated."""
    if count < 1:
        raise SolveError("The number of segments must be at least one")
    total = curve.GetLength()
    steps = range(bounded(count) if curve.IsClosed else bounded(count) + 1)
    parameters = [curve.parameter_at_length(total * step / count) for step in steps]
    if kinks and not isinstance(curve, CircleCurve):
        vertices = range(1, len(curve.TryGetPolyline()[1]) - 1)
        parameters = sorted({*parameters, *map(float, vertices)})
    return (
        ValueList([curve.PointAt(at) for at in parameters]),
        ValueList([curve.TangentAt(at) for at in parameters]),
        ValueList([*parameters]),
    )


def _evaluated(curve: Curve, length: float, normalized: bool) -> Evaluated:  # noqa: FBT001 - an input of the component
    """Return nothing beyond the curve's ends."""
    total = curve.GetLength()
    distance = length * total if normalized else length
    if not -PLANAR_WITHIN <= distance <= total + PLANAR_WITHIN:
        return None, None, None
    at = curve.parameter_at_length(min(max(distance, 0.0), total))
    return curve.PointAt(at), curve.TangentAt(at), at


def _length(curve: Curve) -> float:
    return curve.GetLength()


def _ends(curve: Curve) -> tuple[Point3d, Point3d]:
    return curve.PointAtStart, curve.PointAtEnd


def _area(shape: object) -> AreaOf:
    match shape:
        case CircleCurve():
            return _circle_area(shape.circle)
        case Circle():
            return _circle_area(shape)
        case Rectangle():
            return _polygon_area(Polyline(shape.corners()))
        case Curve():
            return _polygon_area(shape.TryGetPolyline()[1])
        case rhino3dm.Mesh():
            return mesh_area(shape)
        case _:
            raise UnsupportedError("areas of anything but curves and meshes are not supported")


def _circle_area(circle: Circle) -> AreaOf:
    return math.pi * circle.Radius**2, circle.Center


def _polygon_area(corners: Polyline) -> AreaOf:
    """Sum triangles from the first corner; their doubled areas point along the plane's normal."""
    if not corners.IsClosed:
        raise SolveError("Area needs a closed curve")
    origin = corners[0]
    rays = [vectors.difference(corner, origin) for corner in corners[1:-1]]
    pieces = [
        (vectors.cross(first, second), vectors.scaled(vectors.total(first, second), 1 / 3))
        for first, second in pairwise(rays)
    ]
    normal = vectors.vector(0, 0, 0)
    for piece, _ in pieces:
        normal = vectors.total(normal, piece)
    doubled, direction = vectors.length(normal), vectors.unit(normal)
    if any(abs(vectors.dot(ray, direction)) > PLANAR_WITHIN for ray in rays):
        raise SolveError("Area needs a planar curve")
    if not doubled:
        raise SolveError("The curve encloses no area")
    center = origin
    for piece, middle in pieces:
        center = vectors.moved(center, middle, vectors.dot(piece, direction) / doubled)
    return doubled / 2, center


COMPONENTS: dict[str, Component] = {
    "2162e72e-72fc-4bf8-9459-d4d82fa8aa14": component(
        "Divide Curve", "Curve Integer Boolean", _divided
    ),
    "6b021f56-b194-4210-b9a1-6cef3b7d0848": component(
        "Evaluate Length", "Curve Number Boolean", _evaluated
    ),
    "c75b62fa-0a33-4da7-a5bd-03fd0068fd93": component("Length", "Curve", _length),
    "11bbd48b-bb0a-4f1b-8167-fa297590390d": component("End Points", "Curve", _ends),
    "2e205f24-9279-47b2-b414-d06dcd0b21a7": component("Area", "Geometry", _area),
    "86b28a7e-94d9-4791-8306-e13e10d5f8d5": component("Area", "Geometry", _area),
}
