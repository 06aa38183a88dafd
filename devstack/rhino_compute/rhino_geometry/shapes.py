"""Values Grasshopper has and rhino3dm has not, or not with the members needed here."""

import math
from dataclasses import dataclass

from rhino3dm import Plane, Point3d

from devstack.rhino_compute.rhino_geometry import planes


@dataclass(frozen=True, slots=True)
class Interval:
    """Source: RhinoCommon, Rhino.Geometry.Interval (Grasshopper's Domain)."""

    T0: float
    T1: float

    @property
    def Length(self) -> float:  # noqa: N802 - RhinoCommon's name
        """The signed length."""
        return self.T1 - self.T0

    def ParameterAt(self, fraction: float) -> float:  # noqa: N802 - RhinoCommon's name
        """Return the value at a fraction of the interval."""
        return self.T0 + fraction * self.Length

    def clamped(self, value: float) -> float:
        """Return the nearest value inside."""
        low, high = sorted((self.T0, self.T1))
        return min(max(value, low), high)


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour, 0xAARRGGBB; it only travels to previews."""

    argb: int


@dataclass(frozen=True, slots=True)
class Circle:
    """Source: RhinoCommon, Rhino.Geometry.Circle."""

    Plane: Plane
    Radius: float

    @property
    def Center(self) -> Point3d:  # noqa: N802 - RhinoCommon's name
        """The centre."""
        return self.Plane.Origin

    @property
    def Circumference(self) -> float:  # noqa: N802 - RhinoCommon's name
        """The length of the circle."""
        return 2 * math.pi * self.Radius

    def PointAt(self, angle_rad: float) -> Point3d:  # noqa: N802 - RhinoCommon's name
        """Return the point at an angle from the plane's x axis."""
        u, v = self.Radius * math.cos(angle_rad), self.Radius * math.sin(angle_rad)
        return planes.at(self.Plane, u, v)


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Source: RhinoCommon, Rhino.Geometry.Rectangle3d."""

    Plane: Plane
    X: Interval
    Y: Interval

    @property
    def Width(self) -> float:  # noqa: N802 - RhinoCommon's name
        """The signed extent along the plane's x axis."""
        return self.X.Length

    @property
    def Height(self) -> float:  # noqa: N802 - RhinoCommon's name
        """The signed extent along the plane's y axis."""
        return self.Y.Length

    @property
    def Circumference(self) -> float:  # noqa: N802 - RhinoCommon's name
        """The length of the four sides."""
        return 2 * (abs(self.Width) + abs(self.Height))

    def corners(self) -> list[Point3d]:
        """Return the four corners and the first again."""
        x, y = self.X, self.Y
        turns = ((x.T0, y.T0), (x.T1, y.T0), (x.T1, y.T1), (x.T0, y.T1), (x.T0, y.T0))
        return [planes.at(self.Plane, u, v) for u, v in turns]
