"""Faces, meshes, joins and what they are taken apart into."""

import math

import pytest
import rhino3dm

from devstack.rhino_compute.rhino_geometry.mesh_faces import faces_of, mesh_area, vertices_of
from tests.unit.rhino_compute.evaluating import point, result, results, solve, vector

CORNERS: list = [point(0, 0), point(2, 0), point(2, 1), point(0, 1)]


def mesh_of(*faces: str) -> rhino3dm.Mesh:
    solved = solve("Construct Mesh", CORNERS, list(faces), None, optional="z")
    assert solved.errors == []
    (mesh,) = solved.trees[0].values
    assert isinstance(mesh, rhino3dm.Mesh)
    return mesh


def test_faces_travel_as_texts() -> None:
    assert result("Mesh Quad", 0, 1, 2, [3, 4]) == {"{0}": ["Q{0;1;2;3}", "Q{0;1;2;4}"]}
    assert result("Mesh Triangle", 0, 1, 2) == {"{0}": ["T{0;1;2}"]}


def test_mesh_is_made_of_vertices_and_faces() -> None:
    mesh = mesh_of("T{0;1;2}", "T{0;2;3}")
    assert faces_of(mesh) == [(0, 1, 2), (0, 2, 3)]
    assert mesh_area(mesh)[0] == 2.0


def test_mesh_is_taken_apart_into_vertices_faces_and_normals() -> None:
    vertices, faces, colours, normals = results(
        "Deconstruct Mesh", mesh_of("Q{0;1;2;3}"), outputs="V F C N"
    )
    assert vertices == {"{0;0}": [(0, 0, 0), (2, 0, 0), (2, 1, 0), (0, 1, 0)]}
    assert faces == {"{0;0}": ["Q{0;1;2;3}"]}
    assert colours == {"{0;0}": []}
    assert normals == {"{0;0}": [(0, 0, 1)] * 4}


def test_joined_meshes_keep_their_vertices_apart() -> None:
    solved = solve("Mesh Join", [mesh_of("Q{0;1;2;3}"), mesh_of("T{0;1;2}")])
    (mesh,) = solved.trees[0].values
    assert isinstance(mesh, rhino3dm.Mesh)
    assert len(vertices_of(mesh)) == 8
    assert faces_of(mesh) == [(0, 1, 2, 3), (4, 5, 6)]


def test_area_of_a_mesh() -> None:
    areas, centers = results("Area", mesh_of("Q{0;1;2;3}"), outputs="A C")
    assert (areas, centers) == ({"{0}": [2.0]}, {"{0}": [(1, 0.5, 0)]})


def test_mesh_sphere_is_closed_and_nearly_round() -> None:
    (mesh,) = solve("Mesh Sphere", point(1, 2, 3), 2, 40, 40).trees[0].values
    assert isinstance(mesh, rhino3dm.Mesh)
    assert mesh.IsClosed
    area, center = mesh_area(mesh)
    assert area == pytest.approx(16 * math.pi, rel=0.01)
    assert pytest.approx((1, 2, 3)) == (center.X, center.Y, center.Z)


def test_moved_mesh_leaves_the_first_where_it_was() -> None:
    mesh = mesh_of("Q{0;1;2;3}")
    (moved,) = solve("Move", mesh, vector(0, 0, 5), outputs="G X").trees[0].values
    assert isinstance(moved, rhino3dm.Mesh)
    assert (vertices_of(moved)[0].Z, vertices_of(mesh)[0].Z) == (5, 0)


@pytest.mark.parametrize("face", ["T{0;1;9}", "T{0;1}", "0;1;2", ""])
def test_face_that_is_none_is_a_runtime_error(face: str) -> None:
    (error,) = solve("Construct Mesh", CORNERS, [face], None, optional="z").errors
    assert "is not a face of this mesh" in error


def test_vertex_colours_are_refused() -> None:
    (error,) = solve("Construct Mesh", CORNERS, ["T{0;1;2}"], ["red"]).errors
    assert "vertex colours are not supported" in error
