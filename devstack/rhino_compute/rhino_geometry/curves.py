"""Curves with RhinoCommon's names, as a Python 3 Script in Rhino 8 sees them.

Polyline curves only. A member that is missing raises AttributeError with its name, which is what
the author of a script needs to see.
"""

from collections.abc import Iterable
from itertools import pairwise

from rhino3dm import Point3d

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
    """Source: RhinoCommon, Rhino.Geometry.Curve."""

    def __init__(self, points: Iterable[Point3d]) -> None:
        self._points = Polyline(points)

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

    def GetLength(self) -> float:  # noqa: N802 - RhinoCommon's name
        """Return the length of the curve."""
        return self._points.Length

    def TryGetPolyline(self) -> tuple[bool, Polyline]:  # noqa: N802 - RhinoCommon's name
        """Return (True, points): in Python 3 an out parameter joins the result."""
        return True, Polyline(self._points)

    def DuplicateCurve(self) -> "Curve":  # noqa: N802 - RhinoCommon's name
        """Return a copy."""
        return type(self)(self._points)


class PolylineCurve(Curve):
    """Source: RhinoCommon, Rhino.Geometry.PolylineCurve."""

    @property
    def PointCount(self) -> int:  # noqa: N802 - RhinoCommon's name
        """Number of points."""
        return len(self._points)

    def Point(self, index: int) -> Point3d:  # noqa: N802 - RhinoCommon's name
        """Return one point."""
        return self._points[index]
