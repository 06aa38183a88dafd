"""Curves with RhinoCommon's names, as a Python 3 Script in Rhino 8 sees them.

Polylines, lines and circles only. A member that is missing raises AttributeError with its name,
which is what the author of a script needs to see.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, pairwise

from rhino3dm import Point3d, Vector3d

from devstack.rhino_compute.rhino_geometry import vectors
from devstack.rhino_compute.rhino_geometry.shapes import Circle, Interval

CLOSED_WITHIN_M = 1e-9


class Polyline(list[Point3d]):
    """Source: RhinoCommon, Rhino.Geometry.Polyline (a list of points)."""

    @property
    def Count(self) -> int:  # noqa: N802 - RhinoCommon's name
        """Number of points."""
        return len(self)

    @property
    def IsClosed(self) -> bool:  # noqa: N802 - RhinoCommon's name
        """Whether there are at least four points and the last is the first."""
        return len(self) > 3 and self[0].DistanceTo(self[-1]) <= CLOSED_WITHIN_M  # noqa: PLR2004 - a triangle

    @property
    def Length(self) -> float:  # noqa: N802 - RhinoCommon's name
        """Length of all segments."""
        return sum(start.DistanceTo(end) for start, end in pairwise(self))

    def ToPolylineCurve(self) -> "PolylineCurve":  # noqa: N802 - RhinoCommon's name
        """Return a curve through the points."""
        return PolylineCurve(self)


class Curve:
    """Source: RhinoCommon, Rhino.Geometry.Curve.

    The parameter counts segments: 1.5 is the middle of the second one.
    """

    def __init__(self, points: Iterable[Point3d]) -> None:
        self._points = Polyline(points)
        self._along: list[float] = []

    @property
    def IsClosed(self) -> bool:  # noqa: N802 - RhinoCommon's name
        """Whether the curve ends where it starts."""
        return self._points.IsClosed

    @property
    def PointAtStart(self) -> Point3d:  # noqa: N802 - RhinoCommon's name
        """The first point."""
        return self._points[0]

    @property
    def PointAtEnd(self) -> Point3d:  # noqa: N802 - RhinoCommon's name
        """The last point."""
        return self._points[-1]

    @property
    def Domain(self) -> Interval:  # noqa: N802 - RhinoCommon's name
        """The parameters of start and end."""
        return Interval(0.0, float(max(len(self._points) - 1, 0)))

    def GetLength(self) -> float:  # noqa: N802 - RhinoCommon's name
        """Return the length of the curve."""
        return self._points.Length

    def TryGetPolyline(self) -> tuple[bool, Polyline]:  # noqa: N802 - RhinoCommon's name
        """Return (True, points): in Python 3 an out parameter joins the result."""
        return True, Polyline(self._points)

    def DuplicateCurve(self) -> "Curve":  # noqa: N802 - RhinoCommon's name
        """Return a copy."""
        return type(self)(self._points)

    def PointAt(self, parameter: float) -> Point3d:  # noqa: N802 - RhinoCommon's name
        """Return the point at a parameter."""
        index, fraction = self._segment(parameter)
        return vectors.between(self._points[index], self._points[index + 1], fraction)

    def TangentAt(self, parameter: float) -> Vector3d:  # noqa: N802 - RhinoCommon's name
        """Return the unit direction at a parameter; at a vertex that of the next segment."""
        index, _ = self._segment(parameter)
        return vectors.unit(vectors.difference(self._points[index + 1], self._points[index]))

    def parameter_at_length(self, distance: float) -> float:
        """Return the parameter at a distance from the start, along the curve."""
        along = self._distances()
        index = max(0, min(bisect_right(along, distance) - 1, len(along) - 2))
        size = along[index + 1] - along[index] if len(along) > 1 else 0.0
        return index + (min((distance - along[index]) / size, 1.0) if size else 0.0)

    def PointAtLength(self, distance: float) -> Point3d:  # noqa: N802 - RhinoCommon's name
        """Return the point at a distance from the start, along the curve."""
        return self.PointAt(self.parameter_at_length(distance))

    def _distances(self) -> list[float]:
        """Return how far along the curve each vertex is."""
        if not self._along:
            sizes = (start.DistanceTo(end) for start, end in pairwise(self._points))
            self._along = [0.0, *accumulate(sizes)]
        return self._along

    def _segment(self, parameter: float) -> tuple[int, float]:
        index = max(0, min(int(parameter), len(self._points) - 2))
        return index, parameter - index


class PolylineCurve(Curve):
    """Source: RhinoCommon, Rhino.Geometry.PolylineCurve."""

    @property
    def PointCount(self) -> int:  # noqa: N802 - RhinoCommon's name
        """Number of points."""
        return len(self._points)

    def Point(self, index: int) -> Point3d:  # noqa: N802 - RhinoCommon's name
        """Return one point."""
        return self._points[index]


class LineCurve(Curve):
    """Source: RhinoCommon, Rhino.Geometry.LineCurve; the parameter is the distance."""

    @property
    def Domain(self) -> Interval:  # noqa: N802 - RhinoCommon's name
        """The parameters of start and end."""
        return Interval(0.0, self.GetLength())

    def parameter_at_length(self, distance: float) -> float:
        """Return the distance itself."""
        return distance

    def _segment(self, parameter: float) -> tuple[int, float]:
        size = self.GetLength()
        return 0, parameter / size if size else 0.0


class CircleCurve(Curve):
    """Source: RhinoCommon, Rhino.Geometry.ArcCurve of a whole circle; parameters are distances."""

    def __init__(self, circle: Circle) -> None:
        super().__init__([circle.PointAt(0.0), circle.PointAt(0.0)])
        self.circle = circle

    @property
    def IsClosed(self) -> bool:  # noqa: N802 - RhinoCommon's name
        """A circle ends where it starts."""
        return True

    @property
    def Domain(self) -> Interval:  # noqa: N802 - RhinoCommon's name
        """The parameters of start and end."""
        return Interval(0.0, self.circle.Circumference)

    def GetLength(self) -> float:  # noqa: N802 - RhinoCommon's name
        """Return the length of the circle."""
        return self.circle.Circumference

    def TryGetPolyline(self) -> tuple[bool, Polyline]:  # noqa: N802 - RhinoCommon's name
        """Return (False, no points)."""
        return False, Polyline()

    def DuplicateCurve(self) -> "CircleCurve":  # noqa: N802 - RhinoCommon's name
        """Return a copy."""
        return CircleCurve(self.circle)

    def PointAt(self, parameter: float) -> Point3d:  # noqa: N802 - RhinoCommon's name
        """Return the point at a distance along the circle."""
        return self.circle.PointAt(parameter / self.circle.Radius)

    def TangentAt(self, parameter: float) -> Vector3d:  # noqa: N802 - RhinoCommon's name
        """Return the unit direction at a distance along the circle."""
        plane, angle = self.circle.Plane, parameter / self.circle.Radius
        across = vectors.scaled(plane.XAxis, -math.sin(angle))
        return vectors.total(across, vectors.scaled(plane.YAxis, math.cos(angle)))

    def parameter_at_length(self, distance: float) -> float:
        """Return the distance itself."""
        return distance
