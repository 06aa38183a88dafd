"""Requests to daylight and their parts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parents[3] / "contracts/daylight/0.1.0"
BERLIN = {"latitude": 52.52, "longitude": 13.41, "utc_offset": 1}


class Files(NamedTuple):
    """What the second script makes."""

    heat_map: bytes
    model: bytes
    geojson: str


Ask = Callable[[dict[str, Any]], dict[str, Any]]
Draw = Callable[[str | None], Files | None]


def box(x: float, y: float, width: float, depth: float, height: float) -> dict[str, Any]:
    """A building on a rectangle."""
    corners = [[x, y], [x + width, y], [x + width, y + depth], [x, y + depth], [x, y]]
    return {"footprint": corners, "height": height}


def example(name: str) -> dict[str, Any]:
    """A valid example of the contract."""
    return json.loads((FOLDER / f"examples/valid/{name}.json").read_text())
