"""Geometry in the engine's encoding, by rhino3dm.

Source: openNURBS `CommonObject.ToJSON`: `{version, archive3dm, opennurbs, data}`.
"""

import json

from appserver.domain.geometry import Point

MIN_POINTS = 2


class RhinoGeometry:
    """Encodes with rhino3dm, which is loaded at the first use."""

    def curve_text(self, points: list[Point]) -> str:
        """A polyline curve; a bare polyline has no encoding of its own.

        Raises:
            ValueError: the points make no valid curve.
        """
        import rhino3dm  # a native library: only solves with geometry pay for it

        polyline = rhino3dm.Polyline(len(points))
        for point in points:
            polyline.Add(*point)
        curve = polyline.ToPolylineCurve()
        if len(points) < MIN_POINTS or not curve.IsValid:
            raise ValueError("has no valid curve through its points")
        return json.dumps(curve.Encode())

    def mesh_text(self, vertices: list[Point], faces: list[list[int]]) -> str:
        """A mesh of triangles and quads.

        Raises:
            ValueError: there is nothing to draw.
        """
        import rhino3dm  # a native library: only solves with geometry pay for it

        mesh = rhino3dm.Mesh()
        for vertex in vertices:
            mesh.Vertices.Add(*vertex)
        for face in faces:
            mesh.Faces.AddFace(*face)
        if not mesh.IsValid:
            raise ValueError("has no valid faces")
        return json.dumps(mesh.Encode())
