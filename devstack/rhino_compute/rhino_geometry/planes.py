"""Planes: rhino3dm's, with the points and coordinates it leaves out."""

from rhino3dm import Plane, Point3d, Vector3d

from devstack.rhino_compute.rhino_geometry import vectors

ORIGIN = (0.0, 0.0, 0.0)


def world_xy(origin: Point3d | None = None) -> Plane:
    """Return a plane along the world's x and y axes."""
    return Plane(origin or Point3d(*ORIGIN), Vector3d(1, 0, 0), Vector3d(0, 1, 0))


def world_xz(origin: Point3d | None = None) -> Plane:
    """Return a plane along the world's x and z axes."""
    return Plane(origin or Point3d(*ORIGIN), Vector3d(1, 0, 0), Vector3d(0, 0, 1))


def world_yz(origin: Point3d | None = None) -> Plane:
    """Return a plane along the world's y and z axes."""
    return Plane(origin or Point3d(*ORIGIN), Vector3d(0, 1, 0), Vector3d(0, 0, 1))


def at(plane: Plane, u: float, v: float, w: float = 0.0) -> Point3d:
    """Return the point with these coordinates in the plane's own axes."""
    on_x = vectors.moved(plane.Origin, plane.XAxis, u)
    return vectors.moved(vectors.moved(on_x, plane.YAxis, v), plane.ZAxis, w)


def coordinates(plane: Plane, place: Point3d) -> tuple[float, float, float]:
    """Return a point's coordinates in the plane's own axes."""
    offset = vectors.difference(place, plane.Origin)
    return (
        vectors.dot(offset, plane.XAxis),
        vectors.dot(offset, plane.YAxis),
        vectors.dot(offset, plane.ZAxis),
    )
