"""Points, vectors and planes.

Source of the GUIDs: as in arithmetic.py.
"""

from rhino3dm import Plane, Point3d, Vector3d

from devstack.rhino_compute.components.component import Component, component
from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.rhino_geometry import planes, vectors


def _coordinates(place: Point3d) -> tuple[float, float, float]:
    return place.X, place.Y, place.Z


def _components(source: Vector3d) -> tuple[float, float, float]:
    return source.X, source.Y, source.Z


def _distance(start: Point3d, end: Point3d) -> float:
    return start.DistanceTo(end)


def _vector(x: float, y: float, z: float) -> tuple[Vector3d, float]:
    made = vectors.vector(x, y, z)
    return made, vectors.length(made)


def _unit_x(factor: float) -> Vector3d:
    return vectors.vector(factor, 0, 0)


def _unit_y(factor: float) -> Vector3d:
    return vectors.vector(0, factor, 0)


def _unit_z(factor: float) -> Vector3d:
    return vectors.vector(0, 0, factor)


def _from_to(start: Point3d, end: Point3d, unitize: bool) -> tuple[Vector3d, float]:  # noqa: FBT001 - an input of the component
    between = vectors.difference(end, start)
    return (vectors.unit(between) if unitize else between), vectors.length(between)


def _amplitude(source: Vector3d, amplitude: float) -> Vector3d:
    return vectors.scaled(vectors.unit(source), amplitude)


def _plane(origin: Point3d, x_axis: Vector3d, y_axis: Vector3d) -> Plane:
    if not vectors.length(vectors.cross(x_axis, y_axis)):
        raise SolveError("The axes of a plane must not be parallel")
    return Plane(origin, x_axis, y_axis)


def _plane_parts(plane: Plane) -> tuple[Point3d, Vector3d, Vector3d, Vector3d]:
    return plane.Origin, plane.XAxis, plane.YAxis, plane.ZAxis


COMPONENTS: dict[str, Component] = {
    "3581f42a-9592-4549-bd6b-1c0fc39d067b": component("Construct Point", "Number", vectors.point),
    "9abae6b7-fa1d-448c-9209-4a8155345841": component("Deconstruct", "Point", _coordinates),
    "93b8e93d-f932-402c-b435-84be04d87666": component("Distance", "Point", _distance),
    "56b92eab-d121-43f7-94d3-6cd8f0ddead8": component("Vector XYZ", "Number", _vector),
    "a50fcd4a-cf42-4c3f-8616-022761e6cc93": component("Deconstruct Vector", "Vector", _components),
    "79f9fbb3-8f1d-4d9a-88a9-f7961b1012cd": component("Unit X", "Number", _unit_x),
    "d3d195ea-2d59-4ffa-90b1-8b7ff3369f69": component("Unit Y", "Number", _unit_y),
    "9103c240-a6a9-4223-9b42-dbd19bf38e2b": component("Unit Z", "Number", _unit_z),
    "934ede4a-924a-4973-bb05-0dc4b36fae75": component(
        "Vector 2Pt", "Point Point Boolean", _from_to
    ),
    "6ec39468-dae7-4ffa-a766-f2ab22a2c62e": component("Amplitude", "Vector Number", _amplitude),
    "d2da1306-259a-4994-85a4-672d8a4c7805": component("Unit Vector", "Vector", vectors.unit),
    "675e31bf-1775-48d7-bb8d-76b77786dd53": component("Vector Length", "Vector", vectors.length),
    "17b7152b-d30d-4d50-b9ef-c9fe25576fc2": component("XY Plane", "Point", planes.world_xy),
    "8cc3a196-f6a0-49ea-9ed9-0cb343a3ae64": component("XZ Plane", "Point", planes.world_xz),
    "fad344bc-09b1-4855-a2e6-437ef5715fe3": component("YZ Plane", "Point", planes.world_yz),
    "bc3e379e-7206-4e7b-b63a-ff61f4b38a3e": component(
        "Construct Plane", "Point Vector Vector", _plane
    ),
    "3cd2949b-4ea8-4ffb-a70c-5c380f9f46ea": component("Deconstruct Plane", "Plane", _plane_parts),
}
