"""Sites for tests: a rectangle, and what may be changed about it."""

from collections.abc import Callable
from typing import Any

Corners = list[tuple[float, float]]


def ring(corners: Corners) -> list[list[float]]:
    return [[x, y] for x, y in [*corners, corners[0]]]


def box(left: float, low: float, right: float, high: float) -> list[list[float]]:
    return ring([(left, low), (right, low), (right, high), (left, high)])


def site(width: float = 200, depth: float = 120, **changes: Any) -> dict[str, Any]:
    """A rectangle with blocks of 20 x 10 m, rows from west to east, entrance in the south."""
    return {
        "crs": "EPSG:25832",
        "boundary": {"coordinates": box(0, 0, width, depth)},
        "entrance": [width / 2, 0],
        "target_capacity_kw": 10_000,
        "block": {"width_m": 20, "depth_m": 10, "gap_m": 0, "rating_kw": 1000},
        "rows": {"orientation": {"min": 0, "max": 0}, "spacing_m": 2},
        **changes,
    }


def terrain(
    height: Callable[[float, float], float | None],
    size: tuple[float, float] = (200, 120),
    cell: float = 10,
) -> dict[str, Any]:
    """Elevations on a grid from the origin that covers a site of this size."""
    columns, rows = (int(-(-length // cell)) + 1 for length in size)
    grid = {
        "origin": [0, 0],
        "cell_m": cell,
        "columns": columns,
        "rows": rows,
        "elevations_m": [height(c * cell, r * cell) for r in range(rows) for c in range(columns)],
    }
    return {"use_terrain": True, "terrain": {"grid": grid}}
