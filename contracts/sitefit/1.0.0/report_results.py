# /// script
# dependencies = ["numpy"]
# ///
"""Turns the best placements into the texts a request receives.

Part of a Python 3 Script in Rhino 8 (Python 3.9). Texts are JSON; lengths are metres.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from place_house import SETBACK_WEIGHT, Candidate, describe_site, search, steps
from polygons import Curve, area_and_centroid, read_ring

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DECIMALS = 6
YARD_WEIGHT_PER_M2 = 0.3 / 1000
USE_WEIGHT = 0.3
IDEAL_USE = 0.4


class Report(NamedTuple):
    """Outputs of the script: one entry per placement, and the plan as JSON for drawing."""

    ids: list[str]
    transforms: list[str]
    scores: list[str]
    metrics: list[str]
    tags: list[str]
    plan: str


class Ground(NamedTuple):
    """The outlines and what every placement shares."""

    parcel: Floats
    house: Floats
    parcel_area_m2: float
    house_area_m2: float
    centroid: Floats


def place(parcel: Curve, house: Curve, rotation: str, grid_step: float) -> Report:
    """Search, then report.

    Raises:
        ValueError: A curve is not a closed polyline, or a step is not positive.
    """
    ground = read_ground(parcel, house)
    angles_deg = read_angles(rotation)
    if not grid_step > 0:
        raise ValueError("grid_step must be positive")
    best = search(describe_site(ground.parcel, ground.house, angles_deg, grid_step))
    placements = [
        describe(ground, candidate, float(angles_deg[candidate.angle_index]), grid_step)
        for candidate in best
    ]
    for index, placement in enumerate(placements):
        placement["id"] = f"r{index + 1}"
        placement["tags"] = ["best"] if index == 0 else ["alternative"]
    return Report(
        [placement["id"] for placement in placements],
        *(
            [json.dumps(placement[name]) for placement in placements]
            for name in ("transform", "score", "metrics", "tags")
        ),
        plan=json.dumps({"parcel": ground.parcel.tolist(), "placements": placements}),
    )


def read_ground(parcel: Curve, house: Curve) -> Ground:
    """Read both outlines."""
    parcel_corners, house_corners = read_ring(parcel, "parcel"), read_ring(house, "house")
    parcel_area, _ = area_and_centroid(parcel_corners)
    house_area, centroid = area_and_centroid(house_corners)
    return Ground(parcel_corners, house_corners, parcel_area, house_area, centroid)


def read_angles(text: str) -> Floats:
    """Return the turns of `{"min", "max", "step"}` in degrees, the end included."""
    rotation: dict[str, float] = json.loads(text)
    first, last, step = (float(rotation[name]) for name in ("min", "max", "step"))
    if not step > 0 or not first <= last:
        raise ValueError("rotation needs min <= max and a positive step")
    return first + np.arange(steps(last - first, step), dtype=np.float64) * step


def describe(
    ground: Ground, candidate: Candidate, angle_deg: float, grid_step: float
) -> dict[str, Any]:
    """Describe one placement: transform, score, metrics and placed footprint."""
    corner = ground.parcel.min(axis=0)
    centre = corner + np.array([candidate.column, candidate.row]) * grid_step
    yard_m2 = ground.parcel_area_m2 - ground.house_area_m2
    used = ground.house_area_m2 / ground.parcel_area_m2
    score = (
        YARD_WEIGHT_PER_M2 * yard_m2
        + SETBACK_WEIGHT * candidate.setback_m
        + USE_WEIGHT * max(0.0, 1 - 2 * abs(used - IDEAL_USE))
    )
    move = centre - ground.centroid
    return {
        "transform": {
            "rotation": {"axis": "z", "value": neat(angle_deg), "units": "deg"},
            "translation": {"x": neat(move[0]), "y": neat(move[1]), "z": 0.0, "units": "m"},
            "scale": {"uniform": 1.0},
        },
        "score": neat(score),
        "metrics": {
            "yard_area_m2": neat(yard_m2),
            "house_area_m2": neat(ground.house_area_m2),
            "min_setback_m": neat(candidate.setback_m),
            "parcel_utilization": neat(used),
            "orientation_deg": neat(angle_deg),
        },
        "footprint": turned(ground.house - ground.centroid, angle_deg, centre),
    }


def turned(footprint: Floats, angle_deg: float, centre: Floats) -> list[list[float]]:
    """Return the footprint's corners, turned about its centroid and put on `centre`."""
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    placed = footprint @ np.array([[cos, sin], [-sin, cos]]) + centre
    return [[neat(x), neat(y)] for x, y in placed.tolist()]


def neat(value: float) -> float:
    """Round for an answer; never a negative zero."""
    return round(float(value), DECIMALS) + 0.0
