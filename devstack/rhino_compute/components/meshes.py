"""Meshes: faces, construction, joining and taking apart.

A face travels as Grasshopper prints it, Q{0;1;2;3} or T{0;1;2}. Vertex colours are refused.

Source of the GUIDs: as in arithmetic.py.
"""

import rhino3dm
from rhino3dm import Plane, Point3d

from devstack.rhino_compute.components.component import Component, component
from devstack.rhino_compute.components.sequences import bounded
from devstack.rhino_compute.errors import SolveError, UnsupportedError
from devstack.rhino_compute.matching import ValueList
from devstack.rhino_compute.rhino_geometry.mesh_faces import (
    add_face,
    compute_normals,
    face_texts,
    joined,
    sphere,
    vertex_normals,
    vertices_of,
)
from devstack.rhino_compute.value_tree import Value

LEAST_SEGMENTS = 3


def _quad(a: int, b: int, c: int, d: int) -> str:
    return f"Q{{{a};{b};{c};{d}}}"


def _triangle(a: int, b: int, c: int) -> str:
    return f"T{{{a};{b};{c}}}"


def _constructed(
    vertices: list[Point3d | None], faces: list[str | None], colours: list[Value]
) -> rhino3dm.Mesh:
    if any(colour is not None for colour in colours):
        raise UnsupportedError("vertex colours are not supported")
    mesh = rhino3dm.Mesh()
    for vertex in vertices:
        if vertex is None:
            raise SolveError("A mesh vertex must not be null")
        mesh.Vertices.Add(vertex.X, vertex.Y, vertex.Z)
    for face in faces:
        add_face(mesh, face or "", len(vertices))
    compute_normals(mesh)
    return mesh


def _parts(mesh: rhino3dm.Mesh) -> tuple[ValueList, ValueList, ValueList, ValueList]:
    """Return vertices, faces, colours (none here) and vertex normals."""
    vertices, normals = vertices_of(mesh), vertex_normals(mesh)
    faces = ValueList([*face_texts(mesh)])
    return ValueList([*vertices]), faces, ValueList([]), ValueList([*normals])


def _joined(meshes: list[rhino3dm.Mesh | None]) -> rhino3dm.Mesh:
    return joined([mesh for mesh in meshes if mesh is not None])


def _sphere(base: Plane, radius: float, around: int, along: int) -> rhino3dm.Mesh:
    if min(around, along) < LEAST_SEGMENTS:
        raise SolveError("A mesh sphere needs at least three segments each way")
    bounded(around * along)
    return sphere(base, radius, around, along)


COMPONENTS: dict[str, Component] = {
    "1cb59c86-7f6b-4e52-9a0c-6441850e9520": component("Mesh Quad", "Integer", _quad),
    "5a4ddedd-5af9-49e5-bace-12910a8b9366": component("Mesh Triangle", "Integer", _triangle),
    "e2c0f9db-a862-4bd9-810c-ef2610e7a56f": component(
        "Construct Mesh", "[Point] [Text] [Any]", _constructed
    ),
    "ba2d8f57-0738-42b4-b5a5-fe4d853517eb": component("Deconstruct Mesh", "Mesh", _parts),
    "4bc9dbbf-fec8-4348-a3af-e33e7edc8e7b": component("Mesh Join", "[Mesh]", _joined),
    "0a391eac-5048-443c-9c1b-f592299b6dd6": component(
        "Mesh Sphere", "Plane Number Integer Integer", _sphere
    ),
}
