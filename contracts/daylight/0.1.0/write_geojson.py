# /// script
# dependencies = ["numpy"]
# ///
"""Writes sensors and buildings as GeoJSON: degrees on WGS 84, around the location.

Part of a Python 3 Script in Rhino 8 (Python 3.9). The drawing's origin stands at the location.

Source: RFC 7946; radii of curvature of the WGS 84 ellipsoid.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from drawing import Drawing
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EQUATOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
DECIMALS = 8  # of a degree: a millimetre


def write_geojson(drawing: Drawing) -> str:
    """Return a FeatureCollection: cells of a ground as polygons, of a facade as points."""
    features = [
        feature(polygon(drawing, building.corners), role="building", height_m=building.height_m)
        for building in drawing.buildings
    ]
    features += [sensor(drawing, index) for index in range(len(drawing.sky))]
    return json.dumps({"type": "FeatureCollection", "features": features})


def sensor(drawing: Drawing, index: int) -> dict[str, Any]:
    """Return one sensor with its figures; heights are above the ground, so no coordinate."""
    cell = drawing.cells[index]
    middle = cell.mean(axis=0)
    if drawing.kind == "ground":
        geometry = polygon(drawing, cell[:, :2])
    else:
        geometry = {"type": "Point", "coordinates": degrees(drawing, middle[None, :2])[0]}
    return feature(
        geometry,
        role="sensor",
        index=index,
        height_m=round(float(middle[2]), 4),
        sun_hours={
            day: round(float(drawing.hours[index, at]), 4) for at, day in enumerate(drawing.days)
        },
        exposure_hours=round(float(drawing.exposure[index]), 4),
        vsc_percent=round(float(drawing.sky[index]), 4),
    )


def feature(geometry: dict[str, Any], **properties: object) -> dict[str, Any]:
    """Return a feature."""
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def polygon(drawing: Drawing, corners: Floats) -> dict[str, Any]:
    """Return a ring, counterclockwise as it is, closed."""
    ring = degrees(drawing, corners)
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def degrees(drawing: Drawing, points: Floats) -> list[list[float]]:
    """Return longitudes and latitudes of points (n, 2) in metres east and north."""
    latitude = math.radians(drawing.location["latitude"])
    squared = FLATTENING * (2 - FLATTENING)
    shrink = 1 - squared * math.sin(latitude) ** 2
    east_m = EQUATOR_M / math.sqrt(shrink) * math.cos(latitude)
    north_m = EQUATOR_M * (1 - squared) / shrink**1.5
    east = drawing.location["longitude"] + np.degrees(points[:, 0] / east_m)
    north = drawing.location["latitude"] + np.degrees(points[:, 1] / north_m)
    wrapped = (east + 180) % 360 - 180
    return np.round(np.column_stack([wrapped, north]), DECIMALS).tolist()
