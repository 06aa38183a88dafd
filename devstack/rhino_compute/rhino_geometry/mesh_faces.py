"""The vertices and faces of meshes, which rhino3dm's type stubs describe only in part."""

import math
import re
from collections.abc import Iterable
from itertools import pairwise
from operator import attrgetter
from typing import cast

import rhino3dm
from rhino3dm import Plane, Point3d, Vector3d

from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.rhino_geometry import planes, vectors

FACE = re.compile(r"[QT]\{(\d+(?:;\d+){2,3})\}")
Face = tuple[int, ...]


def vertices_of(mesh: rhino3dm.Mesh) -> list[Point3d]:
    """Return the vertices."""
    found = cast("Iterable[Point3d]", mesh.Vertices)
    return [vectors.point(vertex.X, vertex.Y, vertex.Z) for vertex in found]


def vertex_normals(mesh: rhino3dm.Mesh) -> list[Vector3d]:
    """Return the normals of the vertices."""
    found = cast("Iterable[Vector3d]", attrgetter("Normals")(mesh))
    return [vectors.vector(normal.X, normal.Y, normal.Z) for normal in found]


def faces_of(mesh: rhino3dm.Mesh) -> list[Face]:
    """Return the vertex indices of each face, three or four."""
    found = cast("Iterable[Face]", mesh.Faces)
    return [tuple(dict.fromkeys(face)) for face in found]


def face_texts(mesh: rhino3dm.Mesh) -> list[str]:
    """Return the faces as Grasshopper prints them: Q{0;1;2;3} or T{0;1;2}."""
    return [
        ("T" if len(face) == 3 else "Q") + "{" + ";".join(map(str, face)) + "}"  # noqa: PLR2004 - a triangle
        for face in faces_of(mesh)
    ]


def add_face(mesh: rhino3dm.Mesh, text: str, vertex_count: int) -> None:
    """Add a face.

    Raises:
        SolveError: The text is no face, or names a vertex the mesh does not have.
    """
    found = FACE.fullmatch(text)
    indices = [int(part) for part in found[1].split(";")] if found else []
    if not indices or max(indices) >= vertex_count:
        raise SolveError(f"'{text[:40]}' is not a face of this mesh")
    append_face(mesh, indices)


def append_face(mesh: rhino3dm.Mesh, indices: Iterable[int]) -> None:
    """Add a face by its vertices' indices."""
    attrgetter("AddFace")(mesh.Faces)(*indices)


def compute_normals(mesh: rhino3dm.Mesh) -> None:
    """Give each vertex the normal its faces make."""
    attrgetter("Normals.ComputeNormals")(mesh)()


def joined(meshes: list[rhino3dm.Mesh]) -> rhino3dm.Mesh:
    """Return one mesh of many; vertices stay apart."""
    whole, offset = rhino3dm.Mesh(), 0
    for mesh in meshes:
        vertices = vertices_of(mesh)
        for vertex in vertices:
            whole.Vertices.Add(vertex.X, vertex.Y, vertex.Z)
        for face in faces_of(mesh):
            append_face(whole, [index + offset for index in face])
        offset += len(vertices)
    compute_normals(whole)
    return whole


def mesh_area(mesh: rhino3dm.Mesh) -> tuple[float, Point3d]:
    """Return the area, and its centroid; quads count as two triangles.

    Raises:
        SolveError: The mesh has no area.
    """
    vertices = vertices_of(mesh)
    total, center = 0.0, vectors.vector(0, 0, 0)
    for face in faces_of(mesh):
        first = vertices[face[0]]
        for second, third in pairwise(face[1:]):
            one = vectors.difference(vertices[second], first)
            other = vectors.difference(vertices[third], first)
            area = vectors.length(vectors.cross(one, other)) / 2
            middle = vectors.moved(first, vectors.total(one, other), 1 / 3)
            center = vectors.total(
                center, vectors.scaled(vectors.difference(middle, _zero()), area)
            )
            total += area
    if not total:
        raise SolveError("The mesh has no area")
    return total, vectors.moved(_zero(), center, 1 / total)


def sphere(base: Plane, radius: float, around: int, along: int) -> rhino3dm.Mesh:
    """Return a sphere with its poles on the plane's z axis."""
    mesh = rhino3dm.Mesh()
    rings = [math.pi * (ring / along - 0.5) for ring in range(1, along)]
    turns = [2 * math.pi * turn / around for turn in range(around)]
    places = [(0.0, 0.0, -radius)]
    for height in rings:
        flat, level = radius * math.cos(height), radius * math.sin(height)
        places += [(flat * math.cos(turn), flat * math.sin(turn), level) for turn in turns]
    for place in [*places, (0.0, 0.0, radius)]:
        vertex = planes.at(base, *place)
        mesh.Vertices.Add(vertex.X, vertex.Y, vertex.Z)
    for ring in range(along):
        for turn in range(around):
            append_face(mesh, _sphere_face(ring, turn, around, along))
    compute_normals(mesh)
    return mesh


def _sphere_face(ring: int, turn: int, around: int, along: int) -> Face:
    def index(level: int, step: int) -> int:
        if level in (0, along):
            return 0 if level == 0 else 1 + (along - 1) * around
        return 1 + (level - 1) * around + step % around

    corners = (
        index(ring, turn),
        index(ring, turn + 1),
        index(ring + 1, turn + 1),
        index(ring + 1, turn),
    )
    return tuple(dict.fromkeys(corners))


def _zero() -> Point3d:
    return Point3d(0, 0, 0)
