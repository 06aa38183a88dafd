# /// script
# dependencies = ["numpy"]
# ///
"""Assesses a surface and reports it: figures of each sensor, of the whole, and for drawing.

Part of a Python 3 Script in Rhino 8 (Python 3.9). Texts are JSON.

Source: EN 17037, exposure to sunlight: 1.5 h (minimum), 3 h (medium), 4 h (high) on 21 March.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from daylight import Location, sky_component, sun_hours, suns_of
from occlusion import walls_of
from scene import (
    RefusedError,
    Surface,
    read_dates,
    read_location,
    read_prisms,
    read_surface,
    require_clear,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from occlusion import Prism

    Floats = NDArray[np.float64]

EXPOSURE_DATE = "03-21"
EXPOSURE_HOURS = {"minimum": 1.5, "medium": 3.0, "high": 4.0}
ROUNDING_H = 1e-6  # sums of steps meet a level that they equal
DECIMALS = 4


class Report(NamedTuple):
    """Outputs of the script; empty where the request is refused."""

    sensors: str
    kpis: list[str]
    refusals: str
    drawing: list[str]


class Findings(NamedTuple):
    """Of each sensor: hours on each date, hours on 21 March, and the sky component in percent."""

    hours: Floats
    exposure: Floats
    sky: Floats


def assess(
    location: str, dates: str, context: str, surface: str, steps: tuple[int, float]
) -> Report:
    """Answer a request.

    Args:
        location: `{latitude, longitude, utc_offset}` or `{epw_header}`.
        dates: `MM-DD` or a list of them.
        context: list of `{footprint, height}`.
        surface: `{facade | ground, grid_size}`.
        steps: minutes between sun positions, and height of the lowest sensors in metres.
    """
    time_step, sill_height = steps
    try:
        place, days = read_location(json.loads(location)), read_dates(json.loads(dates))
        prisms = read_prisms(json.loads(context))
        looked_at = read_surface(json.loads(surface), sill_height)
        require_clear(looked_at.view, prisms)
        found = assess_surface(place, days, prisms, looked_at, time_step)
    except RefusedError as error:
        return Report("[]", [], json.dumps([str(error)]), [])
    drawing = describe_drawing(place, days, prisms, looked_at, found)
    return Report(describe(looked_at, found), [summarise(looked_at, found)], "[]", [drawing])


def assess_surface(
    place: Location, days: Sequence[str], prisms: Sequence[Prism], surface: Surface, time_step: int
) -> Findings:
    """Compute every figure.

    Raises:
        RefusedError: the sun does not rise on a date.
    """
    asked = [*days, EXPOSURE_DATE]
    suns = suns_of(place, asked, time_step)
    dark = [day for at, day in enumerate(days) if not (suns.dates == at).any()]
    if dark:
        listed = ", ".join(dark)
        message = f"The sun does not rise at latitude {place.latitude:g} on {listed}."
        raise RefusedError(message)
    walls = walls_of(prisms)
    hours = sun_hours(surface.view, walls, suns, len(asked), time_step)
    return Findings(hours[:, :-1], hours[:, -1], sky_component(surface.view, walls))


def describe(surface: Surface, found: Findings) -> str:
    """Return the sensors, in rows from the surface's first corner."""
    rows = zip(  # noqa: B905 - Python 3.9 has no strict zip
        np.round(surface.view.sensors, DECIMALS).tolist(),
        np.round(found.hours, DECIMALS).tolist(),
        np.round(found.exposure, DECIMALS).tolist(),
        np.round(found.sky, DECIMALS).tolist(),
    )
    names = ("position", "sun_hours", "exposure_hours", "vsc_percent")
    return json.dumps([dict(zip(names, row)) for row in rows])  # noqa: B905 - as above


def summarise(surface: Surface, found: Findings) -> str:
    """Return the key figures; cells are equal, so a share of sensors is a share of the surface."""
    worst = worst_of(found)
    share = {
        level: neat(float(np.mean(found.exposure >= hours - ROUNDING_H)))
        for level, hours in EXPOSURE_HOURS.items()
    }
    return json.dumps(
        {
            "sensor_count": len(found.sky),
            "exposure_share": share,
            "median_vsc_percent": neat(float(np.median(found.sky))),
            "worst_sensor": {
                "index": worst,
                "position": [neat(part) for part in surface.view.sensors[worst].tolist()],
                "exposure_hours": neat(found.exposure[worst]),
                "vsc_percent": neat(found.sky[worst]),
            },
        }
    )


def worst_of(found: Findings) -> int:
    """Return the sensor with the least sun on 21 March, then the least sky, then the first."""
    return int(np.lexsort((found.sky, found.exposure))[0])


def describe_drawing(
    place: Location,
    days: Sequence[str],
    prisms: Sequence[Prism],
    surface: Surface,
    found: Findings,
) -> str:
    """Return what the drawing script reads."""
    drawing: dict[str, Any] = {
        "kind": surface.kind,
        "location": place._asdict(),
        "days": list(days),
        "buildings": [{"corners": p.corners.tolist(), "height_m": p.height_m} for p in prisms],
        "cells": surface.cells.tolist(),
        "hours": found.hours.tolist(),
        "exposure": found.exposure.tolist(),
        "sky": found.sky.tolist(),
        "worst": worst_of(found),
    }
    return json.dumps(drawing)


def neat(value: float) -> float:
    """Round for an answer."""
    return round(value, DECIMALS)
