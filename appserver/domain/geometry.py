"""The port through which geometry crosses between contract JSON and the engine's encoding."""

from typing import Protocol

Point = tuple[float, float, float]


class GeometryCodec(Protocol):
    """Turns coordinates (model units) into the engine's texts.

    Every text is JSON of an encoded Rhino object.

    Raises:
        ValueError: the coordinates are no such geometry.
    """

    def curve_text(self, points: list[Point]) -> str:
        """A polyline curve through the points."""
        ...

    def mesh_text(self, vertices: list[Point], faces: list[list[int]]) -> str:
        """A mesh; each face has three or four vertex indices."""
        ...
