# /// script
# dependencies = []
# ///
"""Writes the layout for maps: assets and roads as GeoJSON FeatureCollections.

Coordinates are those of the request's CRS, which a member `crs` names. Rings are closed; outer ones
run counterclockwise (RFC 7946).
"""

from __future__ import annotations

import json
from typing import Any

Position = list[float]


def write_features(plan: str, crs: str) -> tuple[str, str]:
    """Return the assets and the roads of a plan (JSON of `report_layout`)."""
    content: dict[str, Any] = json.loads(plan)
    assets = [
        feature({"type": "Polygon", "coordinates": [closed(a["corners"])]}, a, ("corners",))
        for a in content["assets"]
    ]
    width = {"width_m": content["road_width_m"]}
    roads = [
        feature({"type": "LineString", "coordinates": r["path"]}, r | width, ("path",))
        for r in content["roads"]
    ]
    rings = [
        [wound(ring, place == 0) for place, ring in enumerate(area)]
        for area in content["road_area"]
    ]
    surface = {"type": "MultiPolygon", "coordinates": rings}
    roads.append(feature(surface, {"id": "surface", **width}, ()))
    return collection(assets, crs), collection(roads, crs)


def collection(features: list[dict[str, Any]], crs: str) -> str:
    """Return features as a FeatureCollection in a CRS."""
    name = "urn:ogc:def:crs:" + crs.replace(":", "::", 1)
    crs_member = {"type": "name", "properties": {"name": name}}
    return json.dumps({"type": "FeatureCollection", "crs": crs_member, "features": features})


def feature(
    geometry: dict[str, Any], properties: dict[str, Any], left_out: tuple[str, ...]
) -> dict[str, Any]:
    """Return a feature with an id; members that the geometry tells are left out."""
    kept = {name: value for name, value in properties.items() if name not in left_out}
    return {"type": "Feature", "id": kept.pop("id"), "properties": kept, "geometry": geometry}


def closed(corners: list[Position]) -> list[Position]:
    """Return a ring that ends where it begins."""
    return [*corners, corners[0]]


def wound(ring: list[Position], is_outer: bool) -> list[Position]:  # noqa: FBT001 - of a ring
    """Return a closed ring: outer ones counterclockwise, holes clockwise."""
    around = range(len(ring) - 1)
    doubled = sum(ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1] for i in around)
    is_counterclockwise = doubled > 0
    return ring if is_counterclockwise == is_outer else ring[::-1]
