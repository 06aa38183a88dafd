"""`simple_ring`: a ring encloses an area and does not touch or cross itself."""

from pydantic import JsonValue


def simple_ring(value: JsonValue) -> str | None:
    """Check the polygon that `[[x, y], ...]` (closed, in CRS units) bounds.

    An open ring is left to `closed_ring`.
    """
    points = ring_points(value)
    if points is None or points[0] != points[-1]:
        return None
    import shapely  # numpy comes with it: half of a cold start, so only when a ring is checked

    polygon = shapely.Polygon(points)
    reason = str(shapely.is_valid_reason(polygon))
    if reason != "Valid Geometry":
        return f"The ring is not simple: {reason}."
    if polygon.area <= 0:
        return "The ring encloses no area."
    return None


def ring_points(value: JsonValue) -> list[tuple[float, float]] | None:
    """The points of a ring of at least four positions, or None of anything else."""
    if not isinstance(value, list) or len(value) < 4:  # noqa: PLR2004 - a closed triangle
        return None
    points = [point for position in value if (point := point_of(position)) is not None]
    return points if len(points) == len(value) else None


def point_of(position: JsonValue) -> tuple[float, float] | None:
    """The x and y of a position, or None of anything else."""
    if not isinstance(position, list) or len(position) < 2:  # noqa: PLR2004 - x and y
        return None
    x, y = position[0], position[1]
    if isinstance(x, int | float) and isinstance(y, int | float):
        return float(x), float(y)
    return None
