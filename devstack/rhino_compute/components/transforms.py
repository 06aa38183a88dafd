"""Move, Rotate, Scale and Mirror.

Source of the GUIDs: as in arithmetic.py.
"""

from rhino3dm import Plane, Point3d, Vector3d

from devstack.rhino_compute.components.component import Component, component
from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.rhino_geometry import transforms
from devstack.rhino_compute.rhino_geometry.transforms import Similarity, Transformed, transformed

Changed = tuple[Transformed | None, Similarity]


def _changed(geometry: Transformed | None, change: Similarity) -> Changed:
    return (None if geometry is None else transformed(geometry, change)), change


def _moved(geometry: Transformed | None, motion: Vector3d) -> Changed:
    return _changed(geometry, transforms.translation(motion))


def _rotated(geometry: Transformed | None, angle_rad: float, plane: Plane) -> Changed:
    return _changed(geometry, transforms.rotation(angle_rad, plane))


def _scaled(geometry: Transformed | None, center: Point3d, factor: float) -> Changed:
    if not factor:
        raise SolveError("The scaling factor must not be zero")
    return _changed(geometry, transforms.scale(center, factor))


def _mirrored(geometry: Transformed | None, plane: Plane) -> Changed:
    return _changed(geometry, transforms.mirror(plane))


COMPONENTS: dict[str, Component] = {
    "e9eb1dcf-92f6-4d4d-84ae-96222d60f56b": component("Move", "Geometry Vector", _moved),
    "b7798b74-037e-4f0c-8ac7-dc1043d093e0": component("Rotate", "Geometry Number Plane", _rotated),
    "4d2a06bd-4b0f-4c65-9ee0-4220e4c01703": component("Scale", "Geometry Point Number", _scaled),
    "f12daa2f-4fd5-48c1-8ac3-5dea476912ca": component("Mirror", "Geometry Plane", _mirrored),
}
