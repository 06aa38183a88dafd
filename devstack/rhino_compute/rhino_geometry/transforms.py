"""Moves, turns, scales and mirrors of everything this server holds; nothing is changed in place."""

import math
from dataclasses import dataclass
from typing import Protocol, cast

import rhino3dm
from rhino3dm import Plane, Point3d, Vector3d

from devstack.rhino_compute.rhino_geometry import vectors
from devstack.rhino_compute.rhino_geometry.curves import CircleCurve, Curve
from devstack.rhino_compute.rhino_geometry.shapes import Circle, Interval, Rectangle


@dataclass(frozen=True, slots=True)
class Similarity:
    """A transformation that keeps shapes: unit `x`, `y`, `z` are where the world's axes go.

    A point becomes origin + factor * (X * x + Y * y + Z * z).
    """

    origin: Point3d
    x: Vector3d
    y: Vector3d
    z: Vector3d
    factor: float = 1.0

    def point(self, place: Point3d) -> Point3d:
        """Return where a point goes."""
        return vectors.moved(self.origin, self.vector(vectors.difference(place, point_zero())))

    def vector(self, source: Vector3d) -> Vector3d:
        """Return what becomes of a vector."""
        parts = ((self.x, source.X), (self.y, source.Y), (self.z, source.Z))
        turned = vectors.vector(0, 0, 0)
        for axis, amount in parts:
            turned = vectors.total(turned, vectors.scaled(axis, amount * self.factor))
        return turned

    def plane(self, plane: Plane) -> Plane:
        """Return where a plane goes."""
        axes = (vectors.unit(self.vector(axis)) for axis in (plane.XAxis, plane.YAxis))
        return Plane(self.point(plane.Origin), *axes)


class _Native(Protocol):
    def Duplicate(self) -> rhino3dm.GeometryBase: ...  # noqa: N802 - rhino3dm's name


def point_zero() -> Point3d:
    """Return the origin."""
    return Point3d(0, 0, 0)


def translation(motion: Vector3d) -> Similarity:
    """Move along a vector."""
    return Similarity(vectors.moved(point_zero(), motion), *_axes())


def rotation(angle_rad: float, plane: Plane) -> Similarity:
    """Turn about a plane's z axis, counter-clockwise."""
    return _about(plane.Origin, *(_turned(axis, plane.ZAxis, angle_rad) for axis in _axes()))


def scale(center: Point3d, factor: float) -> Similarity:
    """Scale alike in all directions."""
    return _about(center, *_axes(), factor=factor)


def mirror(plane: Plane) -> Similarity:
    """Mirror in a plane."""
    normal = vectors.unit(plane.ZAxis)
    flipped = (
        vectors.total(axis, vectors.scaled(normal, -2 * vectors.dot(axis, normal)))
        for axis in _axes()
    )
    return _about(plane.Origin, *flipped)


def _axes() -> tuple[Vector3d, Vector3d, Vector3d]:
    return vectors.vector(1, 0, 0), vectors.vector(0, 1, 0), vectors.vector(0, 0, 1)


def _turned(source: Vector3d, axis: Vector3d, angle_rad: float) -> Vector3d:
    # Rodrigues' formula.
    along = vectors.scaled(axis, vectors.dot(source, axis) * (1 - math.cos(angle_rad)))
    across = vectors.scaled(vectors.cross(axis, source), math.sin(angle_rad))
    return vectors.total(vectors.total(vectors.scaled(source, math.cos(angle_rad)), across), along)


def _about(center: Point3d, *axes: Vector3d, factor: float = 1.0) -> Similarity:
    turned = Similarity(point_zero(), *axes, factor=factor)
    origin = vectors.moved(center, vectors.difference(turned.point(center), point_zero()), -1.0)
    return Similarity(origin, *axes, factor=factor)


Transformed = (
    Point3d | Vector3d | rhino3dm.Line | Plane | Circle | Rectangle | Curve | rhino3dm.GeometryBase
)


def transformed(geometry: Transformed, change: Similarity) -> Transformed:
    """Return what becomes of a geometry."""
    if isinstance(geometry, (Point3d, Vector3d, rhino3dm.Line, Plane)):
        return _of_coordinates(geometry, change)
    if isinstance(geometry, Curve):
        return _curve(geometry, change)
    if isinstance(geometry, Circle):
        return _circle(geometry, change)
    if isinstance(geometry, Rectangle):
        x, y = (_stretched(extent, change) for extent in (geometry.X, geometry.Y))
        return Rectangle(change.plane(geometry.Plane), x, y)
    return _native(geometry, change)


def _of_coordinates(
    geometry: Point3d | Vector3d | rhino3dm.Line | Plane, change: Similarity
) -> Transformed:
    match geometry:
        case Point3d():
            return change.point(geometry)
        case Vector3d():
            return change.vector(geometry)
        case rhino3dm.Line():
            return rhino3dm.Line(change.point(geometry.From), change.point(geometry.To))
        case Plane():
            return change.plane(geometry)


def _curve(curve: Curve, change: Similarity) -> Curve:
    if isinstance(curve, CircleCurve):
        return CircleCurve(_circle(curve.circle, change))
    return type(curve)(change.point(place) for place in curve.TryGetPolyline()[1])


def _circle(circle: Circle, change: Similarity) -> Circle:
    return Circle(change.plane(circle.Plane), circle.Radius * abs(change.factor))


def _stretched(extent: Interval, change: Similarity) -> Interval:
    # A negative factor already turned the axes about.
    factor = abs(change.factor)
    return Interval(extent.T0 * factor, extent.T1 * factor)


def _native(geometry: rhino3dm.GeometryBase, change: Similarity) -> rhino3dm.GeometryBase:
    copy = cast("_Native", geometry).Duplicate()
    copy.Transform(rhino_transform(change))
    return copy


def to_plane(plane: Plane) -> Similarity:
    """Move from the world's axes to a plane's."""
    return Similarity(plane.Origin, plane.XAxis, plane.YAxis, plane.ZAxis)


def rhino_transform(change: Similarity) -> rhino3dm.Transform:
    """Return the matrix as rhino3dm has it."""
    matrix = rhino3dm.Transform(1.0)
    axes = (vectors.scaled(axis, change.factor) for axis in (change.x, change.y, change.z))
    for column, source in enumerate((*axes, change.origin)):
        for row, amount in enumerate((source.X, source.Y, source.Z)):
            setattr(matrix, f"M{row}{column}", amount)
    return matrix
