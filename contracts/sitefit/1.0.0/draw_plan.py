# /// script
# dependencies = []
# ///
"""Draws the plan: an SVG for people and a GeoJSON FeatureCollection for maps.

A Python 3 Script in Rhino 8 (Python 3.9). Ground coordinates are metres, page coordinates pixels.
"""

from __future__ import annotations

import json
import math
from html import escape
from typing import Any, NamedTuple

Points = list[list[float]]

PAGE_PX = 800
MARGIN_PX = 90
HEADER_PX = 120
FOOTER_PX = 90
MAX_DRAWING_PX = 900
MAX_DIMENSIONS = 16
MIN_LABELLED_PX = 28
STYLE = (
    "text{font-family:'Helvetica Neue',Helvetica,Arial,'DejaVu Sans',sans-serif;fill:#2f3a33}"
    ".title{font-size:24px;font-weight:600}.facts{font-size:14px;fill:#5d6b62}"
    ".size{font-size:12px;fill:#5d6b62;text-anchor:middle}"
    ".parcel{fill:#e9f0e1;stroke:#55694f;stroke-width:2;stroke-linejoin:round}"
    ".other{fill:none;stroke:#9aa69d;stroke-width:1;stroke-dasharray:4 3}"
    ".best{fill:#d9875b;fill-opacity:.92;stroke:#8a4526;stroke-width:2;stroke-linejoin:round}"
    ".gap{stroke:#8a4526;stroke-width:1.5;stroke-dasharray:2 3}"
    ".rule{stroke:#2f3a33;stroke-width:1.5;fill:none}"
    ".north{fill:#2f3a33}.house{font-size:13px;fill:#fff;text-anchor:middle;font-weight:600}"
)


class Page(NamedTuple):
    """Where ground coordinates land on the page; north is up."""

    left_m: float
    top_m: float
    scale: float
    offset_x: float
    height: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the page position of a point on the ground."""
        across = self.offset_x + (x - self.left_m) * self.scale
        return round(across, 2), round(HEADER_PX + (self.top_m - y) * self.scale, 2)

    def path(self, ring: Points) -> str:
        """Return a ring as the points of an SVG polygon."""
        return " ".join("{},{}".format(*self.at(*point)) for point in ring)


def draw(plan: str, crs: str) -> tuple[str, str]:
    """Return the plan (JSON of `report_results`) as SVG and as GeoJSON."""
    content = json.loads(plan)
    return svg(content, crs), geojson(content, crs)


def svg(plan: dict[str, Any], crs: str) -> str:
    """Draw the parcel, every placement, dimensions, scale bar and north arrow."""
    parcel: Points = plan["parcel"]
    placements: list[dict[str, Any]] = plan["placements"]
    page = fit(parcel)
    size = f'width="{PAGE_PX}" height="{page.height:g}"'
    view = f'viewBox="0 0 {PAGE_PX} {page.height:g}"'
    marks = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {view} {size} role="img">',
        f"<style>{STYLE}</style>",
        f'<rect {size} fill="#fbfaf6"/>',
        *header(placements, crs),
        f'<polygon class="parcel" points="{page.path(parcel)}"/>',
        *(f'<polygon class="other" points="{page.path(p["footprint"])}"/>' for p in placements[1:]),
        *(house(page, parcel, placements[0]) if placements else []),
        *dimensions(page, parcel),
        *scale_bar(page),
        north_arrow(),
        "</svg>",
    ]
    return "\n".join(marks)


def fit(parcel: Points) -> Page:
    """Choose the scale at which the parcel fills the page between its margins."""
    xs, ys = [x for x, _ in parcel], [y for _, y in parcel]
    width, depth = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((PAGE_PX - 2 * MARGIN_PX) / width, MAX_DRAWING_PX / depth)
    offset = (PAGE_PX - width * scale) / 2
    return Page(min(xs), max(ys), scale, offset, round(HEADER_PX + depth * scale + FOOTER_PX))


def header(placements: list[dict[str, Any]], crs: str) -> list[str]:
    """Write the title and one line of facts."""
    title, facts = "No placement fits this parcel", escape(crs)
    if placements:
        metrics = placements[0]["metrics"]
        title = f"Score {placements[0]['score']:.3f} · setback {metrics['min_setback_m']:.2f} m"
        facts = (
            f"house {metrics['house_area_m2']:.1f} m² · yard {metrics['yard_area_m2']:.1f} m² · "
            f"{metrics['parcel_utilization']:.0%} of the parcel · "
            f"turned {metrics['orientation_deg']:g}° · {escape(crs)}"
        )
    return [
        f'<text class="title" x="40" y="48">{title}</text>',
        f'<text class="facts" x="40" y="74">{facts}</text>',
    ]


def house(page: Page, parcel: Points, best: dict[str, Any]) -> list[str]:
    """Draw the best footprint with its shortest distance to the boundary."""
    footprint: Points = best["footprint"]
    middle = [sum(values) / len(footprint) for values in zip(*footprint)]  # noqa: B905 - Python 3.9
    label_x, label_y = page.at(middle[0], middle[1])
    marks = [
        f'<polygon class="best" points="{page.path(footprint)}"/>',
        f'<text class="house" x="{label_x}" y="{label_y + 4}">{escape(best["id"])}</text>',
    ]
    gap, start, end = shortest_gap(footprint, parcel)
    if gap * page.scale >= MIN_LABELLED_PX:
        (x1, y1), (x2, y2) = page.at(*start), page.at(*end)
        marks.append(f'<line class="gap" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>')
        beside = (28, 0) if abs(y2 - y1) > abs(x2 - x1) else (0, -10)
        marks.append(label((x1 + x2) / 2 + beside[0], (y1 + y2) / 2 + beside[1], f"{gap:.2f} m"))
    return marks


def shortest_gap(one: Points, other: Points) -> tuple[float, list[float], list[float]]:
    """Return the shortest distance between two outlines and the points it joins."""
    pairs = [(corner, nearest(corner, other)) for corner in one]
    pairs += [(nearest(corner, one), corner) for corner in other]
    return min((math.dist(start, end), start, end) for start, end in pairs)


def nearest(point: list[float], ring: Points) -> list[float]:
    """Return the point of the outline nearest to `point`."""
    found: list[list[float]] = []
    for index, (bx, by) in enumerate(ring):
        ax, ay = ring[index - 1]
        ex, ey = bx - ax, by - ay
        along = ((point[0] - ax) * ex + (point[1] - ay) * ey) / (ex * ex + ey * ey)
        share = min(1.0, max(0.0, along))
        found.append([ax + share * ex, ay + share * ey])
    return min(found, key=lambda candidate: math.dist(point, candidate))


def dimensions(page: Page, parcel: Points) -> list[str]:
    """Write the length of each edge outside the parcel."""
    if len(parcel) > MAX_DIMENSIONS:
        return []
    outward = -1 if signed_area(parcel) > 0 else 1
    marks: list[str] = []
    for index, end in enumerate(parcel):
        start = parcel[index - 1]
        length = math.dist(start, end)
        (x1, y1), (x2, y2) = page.at(*start), page.at(*end)
        if length * page.scale < MIN_LABELLED_PX:
            continue
        reach = 16 * outward / math.hypot(x2 - x1, y2 - y1)
        x, y = (x1 + x2) / 2 + (y2 - y1) * reach, (y1 + y2) / 2 - (x2 - x1) * reach
        slope = math.degrees(math.atan2(y2 - y1, x2 - x1))
        upright = (slope + 90) % 180 - 90
        marks.append(label(x, y, f"{length:.2f} m", upright))
    return marks


def signed_area(ring: Points) -> float:
    """Return twice the area, positive when the ring runs counterclockwise."""
    return sum(ring[index - 1][0] * y - x * ring[index - 1][1] for index, (x, y) in enumerate(ring))


def label(x: float, y: float, words: str, turn_deg: float = 0.0) -> str:
    """Write a dimension, centred on its position."""
    return (
        f'<text class="size" dominant-baseline="middle" x="{x:.1f}" y="{y:.1f}" '
        f'transform="rotate({turn_deg:.1f} {x:.1f} {y:.1f})">{words}</text>'
    )


def scale_bar(page: Page) -> list[str]:
    """Draw a bar of 1, 2 or 5 times a power of ten metres, 80 to 200 pixels long."""
    power = 10 ** math.floor(math.log10(200 / page.scale))
    length_m = max(step * power for step in (1, 2, 5) if step * power * page.scale <= 200)  # noqa: PLR2004 - pixels
    x, y, width = 40, page.height - 40, length_m * page.scale
    return [
        f'<path class="rule" d="M{x} {y - 6}V{y}H{x + width:.1f}V{y - 6}"/>',
        f'<text class="facts" x="{x}" y="{y - 12}">{length_m:g} m</text>',
    ]


def north_arrow() -> str:
    """Draw the arrow in the upper right corner."""
    x = PAGE_PX - 56
    return (
        f'<path class="north" d="M{x} 34l10 30l-10 -7l-10 7z"/>'
        f'<text class="size" x="{x}" y="82">N</text>'
    )


def geojson(plan: dict[str, Any], crs: str) -> str:
    """Return the parcel and every placement as features in the plan's CRS."""
    features = [feature(plan["parcel"], {"role": "parcel"})]
    for index, placement in enumerate(plan["placements"]):
        role = "house" if index == 0 else "alternative"
        shown = {name: placement[name] for name in ("id", "score", "tags")}
        features.append(
            feature(placement["footprint"], {"role": role, **shown, **placement["metrics"]})
        )
    name = "urn:ogc:def:crs:" + crs.replace(":", "::", 1)
    crs_member = {"type": "name", "properties": {"name": name}}
    return json.dumps({"type": "FeatureCollection", "crs": crs_member, "features": features})


def feature(ring: Points, properties: dict[str, Any]) -> dict[str, Any]:
    """Return a polygon feature; its ring is closed and runs counterclockwise (RFC 7946)."""
    corners = ring if signed_area(ring) > 0 else ring[::-1]
    geometry = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
