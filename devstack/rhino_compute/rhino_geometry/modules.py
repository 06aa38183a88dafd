"""The modules a script may import: Rhino, Rhino.Geometry and scriptcontext."""

import math
import sys
from types import ModuleType, SimpleNamespace

import rhino3dm

from devstack.rhino_compute.rhino_geometry.curves import (
    Curve,
    LineCurve,
    Polyline,
    PolylineCurve,
)
from devstack.rhino_compute.rhino_geometry.shapes import Circle, Interval

GEOMETRY_TYPES = {
    "Curve": Curve,
    "LineCurve": LineCurve,
    "Polyline": Polyline,
    "PolylineCurve": PolylineCurve,
    "Point3d": rhino3dm.Point3d,
    "Vector3d": rhino3dm.Vector3d,
    "Line": rhino3dm.Line,
    "Circle": Circle,
    "Interval": Interval,
    "Plane": rhino3dm.Plane,
}


def install_modules() -> None:
    """Make the modules importable in this process."""
    geometry, rhino = ModuleType("Rhino.Geometry"), ModuleType("Rhino")
    vars(geometry).update(GEOMETRY_TYPES)
    angles = SimpleNamespace(ToRadians=math.radians, ToDegrees=math.degrees)
    vars(rhino).update(Geometry=geometry, RhinoMath=angles)
    context = ModuleType("scriptcontext")
    document = SimpleNamespace(
        ModelAbsoluteTolerance=0.001, ModelAngleToleranceRadians=math.radians(1)
    )
    vars(context).update(doc=document, sticky={})
    sys.modules.update({"Rhino": rhino, "Rhino.Geometry": geometry, "scriptcontext": context})
