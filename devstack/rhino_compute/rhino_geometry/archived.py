"""Geometry to and from the JSON form of openNURBS objects.

rhino3dm's type stubs leave out `CommonObject.Decode`; this module is the one place that calls it.
"""

from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

import rhino3dm

from devstack.rhino_compute.rhino_geometry import vectors
from devstack.rhino_compute.rhino_geometry.curves import (
    CircleCurve,
    Curve,
    LineCurve,
    PolylineCurve,
)
from devstack.rhino_compute.rhino_geometry.shapes import Circle
from devstack.rhino_compute.rhino_geometry.transforms import rhino_transform, to_plane

if TYPE_CHECKING:
    from collections.abc import Callable

_decode = cast("Callable[[dict[str, Any]], object]", attrgetter("Decode")(rhino3dm.CommonObject))


def decode_geometry(archived: dict[str, Any]) -> Curve | rhino3dm.Point3d | rhino3dm.GeometryBase:
    """Return the geometry an archive object holds.

    Polylines and lines become the curves scripts work with; other kinds stay as they are.

    Raises:
        ValueError: The object is not a readable openNURBS archive.
    """
    try:
        decoded = _decode(archived)
    except (RuntimeError, TypeError, KeyError) as error:
        raise ValueError(f"not an openNURBS object: {error}") from error
    if isinstance(decoded, rhino3dm.PolylineCurve):
        return PolylineCurve(decoded.Point(index) for index in range(decoded.PointCount))
    if isinstance(decoded, rhino3dm.LineCurve):
        return LineCurve([decoded.PointAtStart, decoded.PointAtEnd])
    if isinstance(decoded, rhino3dm.ArcCurve) and decoded.IsCompleteCircle:
        return _circle(decoded)
    if isinstance(decoded, rhino3dm.Curve) and decoded.IsPolyline():
        points = decoded.TryGetPolyline()
        return Curve(points[index] for index in range(len(points)))
    if isinstance(decoded, rhino3dm.Point):
        return decoded.Location
    if isinstance(decoded, rhino3dm.GeometryBase):
        return decoded
    raise ValueError("not an openNURBS object")


def encode_geometry(geometry: Curve | rhino3dm.GeometryBase) -> tuple[str, dict[str, Any]]:
    """Return the name of the geometry's .NET type, and its archive object."""
    native = _native_curve(geometry) if isinstance(geometry, Curve) else geometry
    return f"Rhino.Geometry.{type(native).__name__}", native.Encode()


def _native_curve(curve: Curve) -> rhino3dm.Curve:
    if isinstance(curve, CircleCurve):
        return _native_circle(curve.circle)
    if isinstance(curve, LineCurve):
        return rhino3dm.LineCurve(curve.PointAtStart, curve.PointAtEnd)
    points = rhino3dm.Polyline(0)
    for point in curve.TryGetPolyline()[1]:
        points.Add(point.X, point.Y, point.Z)
    return points.ToPolylineCurve()


def _native_circle(circle: Circle) -> rhino3dm.ArcCurve:
    # rhino3dm makes circles in the world's XY plane only.
    curve = rhino3dm.ArcCurve.CreateFromCircle(
        rhino3dm.Circle(rhino3dm.Point3d(0, 0, 0), circle.Radius)
    )
    curve.Transform(rhino_transform(to_plane(circle.Plane)))
    return curve


def _circle(curve: rhino3dm.ArcCurve) -> CircleCurve:
    start, quarter = (curve.PointAt(curve.Domain.T1 * turn) for turn in (0.0, 0.25))
    half = curve.PointAt(curve.Domain.T1 * 0.5)
    center = vectors.between(start, half, 0.5)
    axes = (vectors.difference(place, center) for place in (start, quarter))
    return CircleCurve(Circle(rhino3dm.Plane(center, *axes), curve.Radius))
