# /// script
# dependencies = ["numpy"]
# ///
"""What the files are made from, and the colours they share.

Part of a Python 3 Script in Rhino 8 (Python 3.9). Lengths are metres.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PALETTE = ("#26305c", "#5b4a8a", "#a8577e", "#e2725b", "#f6b25c", "#fff3b8")  # dark to bright, sRGB


class Building(NamedTuple):
    """Corners of a footprint (corners, 2), counterclockwise, and the height."""

    corners: Floats
    height_m: float


class Drawing(NamedTuple):
    """The answer as figures: `cells` (sensors, 4, 3), the others (sensors,) or (sensors, days).

    `worst` is the number of the worst sensor.
    """

    kind: str
    location: dict[str, float]
    days: Sequence[str]
    buildings: Sequence[Building]
    cells: Floats
    hours: Floats
    exposure: Floats
    sky: Floats
    worst: int


def read_drawing(text: str) -> Drawing:
    """Read what the assessing script wrote."""
    content: dict[str, Any] = json.loads(text)
    buildings = [
        Building(counterclockwise(np.array(one["corners"])), one["height_m"])
        for one in content.pop("buildings")
    ]
    arrays = {name: np.array(content.pop(name)) for name in ("cells", "hours", "exposure", "sky")}
    return Drawing(buildings=buildings, **arrays, **content)


def counterclockwise(corners: Floats) -> Floats:
    """Return a ring in that direction."""
    return corners if turn(corners) > 0 else corners[::-1]


def turn(corners: Floats) -> float:
    """Return twice the area of a ring, positive when it runs counterclockwise."""
    here = corners - corners[0]
    after = np.roll(here, -1, axis=0)
    return float((here[:, 0] * after[:, 1] - after[:, 0] * here[:, 1]).sum())


def colours(shares: Floats) -> Floats:
    """Return the palette's sRGB colours (n, 3), each from 0 to 1, of shares from 0 to 1."""
    stops = [[int(text[at : at + 2], 16) / 255 for text in PALETTE] for at in (1, 3, 5)]
    places = np.linspace(0, 1, len(PALETTE))
    return np.column_stack([np.interp(shares, places, channel) for channel in stops])


def full_scale(values: Floats) -> float:
    """Return the whole number at which the colour scale ends."""
    return max(1.0, float(np.ceil(values.max())))
