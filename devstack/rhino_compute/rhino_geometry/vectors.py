"""Arithmetic of points and vectors, which rhino3dm leaves out; nothing is changed in place."""

import math

from rhino3dm import Point3d, Vector3d

Triple = Point3d | Vector3d


def vector(x: float, y: float, z: float) -> Vector3d:
    """Return a vector."""
    return Vector3d(x, y, z)


def point(x: float, y: float, z: float) -> Point3d:
    """Return a point."""
    return Point3d(x, y, z)


def difference(end: Triple, start: Triple) -> Vector3d:
    """Return the vector from `start` to `end`."""
    return Vector3d(end.X - start.X, end.Y - start.Y, end.Z - start.Z)


def moved(start: Point3d, along: Triple, factor: float = 1.0) -> Point3d:
    """Return the point `factor` times `along` away from `start`."""
    x, y, z = along.X * factor, along.Y * factor, along.Z * factor
    return Point3d(start.X + x, start.Y + y, start.Z + z)


def scaled(source: Vector3d, factor: float) -> Vector3d:
    """Return the vector, longer or shorter."""
    return Vector3d(source.X * factor, source.Y * factor, source.Z * factor)


def total(first: Vector3d, second: Triple) -> Vector3d:
    """Return the sum of two vectors."""
    return Vector3d(first.X + second.X, first.Y + second.Y, first.Z + second.Z)


def dot(first: Triple, second: Triple) -> float:
    """Return the scalar product."""
    return first.X * second.X + first.Y * second.Y + first.Z * second.Z


def cross(first: Triple, second: Triple) -> Vector3d:
    """Return the vector product."""
    return Vector3d(
        first.Y * second.Z - first.Z * second.Y,
        first.Z * second.X - first.X * second.Z,
        first.X * second.Y - first.Y * second.X,
    )


def length(source: Triple) -> float:
    """Return the length of a vector, or a point's distance from the origin."""
    return math.sqrt(dot(source, source))


def unit(source: Vector3d) -> Vector3d:
    """Return the vector with length 1; the zero vector stays as it is."""
    size = length(source)
    return scaled(source, 1 / size) if size else source


def between(start: Point3d, end: Point3d, fraction: float) -> Point3d:
    """Return the point at a fraction of the way."""
    return moved(start, difference(end, start), fraction)
