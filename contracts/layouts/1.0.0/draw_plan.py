# /// script
# dependencies = ["numpy", "shapely"]
# ///
"""Draws the plan: an SVG for people.

Part of a Python 3 Script in Rhino 8 (Python 3.9). Ground coordinates are metres, page coordinates
pixels; north is up.
"""

from __future__ import annotations

import json
import math
from html import escape
from typing import Any, NamedTuple

import numpy as np
from contour_lines import contour_lines
from read_terrain import read_terrain

Ring = list[list[float]]
Areas = list[list[Ring]]

PAGE_PX = 1000
MARGIN_PX = 60
HEADER_PX = 128
FOOTER_PX = 104
MAX_DRAWING_PX = 1000
MIN_NUMBERED_PX = 21.0
INDEX_CONTOUR = 5
STYLE = (
    "text{font-family:'Helvetica Neue',Helvetica,Arial,'DejaVu Sans',sans-serif;fill:#28332d}"
    ".title{font-size:26px;font-weight:600}.facts{font-size:14px;fill:#56625b}"
    ".legend{font-size:13px;fill:#56625b}.north{fill:#28332d}"
    ".site{fill:#eef2e4;stroke:none}.edge{fill:none;stroke:#3f5340;stroke-width:2.2}"
    ".setback{fill:none;stroke:#8ea08c;stroke-width:1;stroke-dasharray:6 4}"
    ".closed{fill:url(#hatch);stroke:#b4543f;stroke-width:1.3}"
    ".contour{fill:none;stroke:#b9a788;stroke-width:.7}.index{stroke-width:1.5}"
    ".height{font-size:10px;fill:#8d7a58;text-anchor:middle;paint-order:stroke;"
    "stroke:#eef2e4;stroke-width:3}"
    ".road{fill:#ead9b5;stroke:#9a8659;stroke-width:1.1;stroke-linejoin:round}"
    ".centre{fill:none;stroke:#a8946a;stroke-width:.8;stroke-dasharray:7 5}"
    ".block{fill:#2f5d8a;stroke:#16334f;stroke-width:1}"
    ".seam{fill:none;stroke:#7fa3c7;stroke-width:.7}"
    ".number{font-size:9px;fill:#fff;text-anchor:middle;dominant-baseline:central}"
    ".gate{fill:#c8442c;stroke:#fff;stroke-width:1.5}"
    ".rule{stroke:#28332d;stroke-width:1.5;fill:none}"
)
HATCH = (
    '<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="8" height="8" fill="#f7e3dc"/>'
    '<path d="M0 0V8" stroke="#d08a78" stroke-width="2.4"/></pattern>'
    '<clipPath id="site"><path d="{site}" clip-rule="evenodd"/></clipPath></defs>'
)


class Sheet(NamedTuple):
    """Where ground coordinates land on the page."""

    left_m: float
    top_m: float
    scale: float
    offset_x: float
    height: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the page position of a point on the ground."""
        across = self.offset_x + (x - self.left_m) * self.scale
        return round(across, 1), round(HEADER_PX + (self.top_m - y) * self.scale, 1)

    def line(self, points: Any) -> str:  # noqa: ANN401 - rows of x and y, from JSON or numpy
        """Return a line as an SVG path."""
        return "M" + "L".join("{:g} {:g}".format(*self.at(x, y)) for x, y in points)

    def areas(self, areas: Areas) -> str:
        """Return areas with their holes as one SVG path."""
        return "".join(self.line(ring[:-1]) + "Z" for rings in areas for ring in rings)


def draw(plan: str, crs: str, figures: str, terrain: str) -> str:
    """Return the plan (JSON of `report_layout`) as SVG; `terrain` is empty where none was used."""
    content: dict[str, Any] = json.loads(plan)
    sheet = fitted(content["ground"])
    size = f'width="{PAGE_PX}" height="{sheet.height:g}"'
    view = f'viewBox="0 0 {PAGE_PX} {sheet.height:g}"'
    site = sheet.areas(content["ground"])
    marks = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {view} {size} role="img">',
        f"<style>{STYLE}</style>",
        HATCH.replace("{site}", site),
        f'<rect {size} fill="#fbfaf6"/>',
        *header(json.loads(figures), crs),
        f'<path class="site" fill-rule="evenodd" d="{site}"/>',
        *contours(sheet, terrain),
        f'<path class="setback" d="{sheet.areas(content["setback"])}"/>',
        *(
            f'<path class="closed" fill-rule="evenodd" d="{sheet.areas([area])}"/>'
            for area in content["closed"]
        ),
        *roads(sheet, content),
        *(mark for asset in content["assets"] for mark in block(sheet, asset)),
        f'<path class="edge" d="{site}"/>',
        gate(sheet, content),
        *legend(sheet, content, with_terrain=bool(terrain)),
        *scale_bar(sheet),
        north_arrow(),
        "</svg>",
    ]
    return "\n".join(marks)


def fitted(ground: Areas) -> Sheet:
    """Choose the scale at which the site fills the page between its margins."""
    points = [point for rings in ground for point in rings[0]]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width, depth = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((PAGE_PX - 2 * MARGIN_PX) / width, MAX_DRAWING_PX / depth)
    offset = (PAGE_PX - width * scale) / 2
    return Sheet(min(xs), max(ys), scale, offset, round(HEADER_PX + depth * scale + FOOTER_PX))


def header(figures: dict[str, Any], crs: str) -> list[str]:
    """Write the title and two lines of facts."""
    capacity, count = figures["total_capacity_kw"] / 1000, figures["asset_count"]
    length, turn = figures["road_length_m"], figures["orientation_deg"]
    target = "" if figures["target_met"] else " · all that fits, below the target"
    earth = ""
    if figures["with_terrain"]:
        cut, fill = figures["cut_volume_m3"], figures["fill_volume_m3"]
        earth = f" · cut {grouped(cut)} m³ · fill {grouped(fill)} m³"
    return [
        f'<text class="title" x="40" y="52">{capacity:,.1f} MW in {count} blocks{target}</text>',
        f'<text class="facts" x="40" y="80">roads {grouped(length)} m{earth}</text>',
        f'<text class="facts" x="40" y="102">rows turned {turn:g}° · {escape(crs)}</text>',
    ]


def grouped(value: float) -> str:
    """Return a whole number with spaces between thousands."""
    return f"{value:,.0f}".replace(",", "\u202f")


def contours(sheet: Sheet, terrain: str) -> list[str]:
    """Draw contour lines inside the site; every fifth is stronger and tells its height."""
    if not terrain:
        return []
    levels = contour_lines(read_terrain(terrain, np.zeros(2)))
    step = levels[1][0] - levels[0][0] if len(levels) > 1 else 1.0
    marks: list[str] = ['<g clip-path="url(#site)">']
    for level, lines in levels:
        is_index = round(level / step) % INDEX_CONTOUR == 0
        path = "".join(sheet.line(line) for line in lines)
        marks.append(f'<path class="contour{" index" if is_index else ""}" d="{path}"/>')
        if is_index and lines:
            longest = max(lines, key=len)
            x, y = sheet.at(*longest[len(longest) // 2])
            marks.append(f'<text class="height" x="{x}" y="{y}">{level:g} m</text>')
    return [*marks, "</g>"]


def roads(sheet: Sheet, plan: dict[str, Any]) -> list[str]:
    """Draw the roads' surface and centre lines."""
    centres = "".join(sheet.line(road["path"]) for road in plan["roads"])
    return [
        f'<path class="road" fill-rule="evenodd" d="{sheet.areas(plan["road_area"])}"/>',
        f'<path class="centre" d="{centres}"/>',
    ]


def block(sheet: Sheet, asset: dict[str, Any]) -> list[str]:
    """Draw a block with two seams; its number where there is room."""
    one, two, three, four = (np.array(corner) for corner in asset["corners"])
    marks = [f'<path class="block" d="{sheet.line((one, two, three, four))}Z"/>']
    seams = ((one + (four - one) * share, two + (three - two) * share) for share in (1 / 3, 2 / 3))
    marks.append(f'<path class="seam" d="{"".join(sheet.line(seam) for seam in seams)}"/>')
    if math.dist(one, two) * sheet.scale >= MIN_NUMBERED_PX:
        x, y = sheet.at(*asset["centre"])
        number = escape(asset["id"].lstrip("B0") or "0")
        marks.append(f'<text class="number" x="{x}" y="{y}">{number}</text>')
    return marks


def gate(sheet: Sheet, plan: dict[str, Any]) -> str:
    """Mark the entrance."""
    x, y = sheet.at(*plan["entrance"])
    return f'<path class="gate" d="M{x} {y - 9}l9 9l-9 9l-9 -9z"/>'


def legend(sheet: Sheet, plan: dict[str, Any], *, with_terrain: bool) -> list[str]:
    """Explain the marks, in one line at the foot."""
    entries = [
        ("block", "block"),
        ("road", f"road, {plan['road_width_m']:g} m"),
        ("gate", "entrance"),
    ]
    entries += [("setback", "setback")]
    entries += [("closed", "exclusion")] if plan["closed"] else []
    entries += [("contour index", "contour")] if with_terrain else []
    x, y = 300.0, sheet.height - 40
    marks: list[str] = []
    for name, words in entries:
        is_line = name in ("setback", "contour index")
        shape = f"M{x} {y - 5}h22" if is_line else f"M{x} {y - 11}h22v12h-22z"
        marks.append(f'<path class="{name}" d="{shape}"/>')
        marks.append(f'<text class="legend" x="{x + 28}" y="{y}">{words}</text>')
        x += 48 + 7.2 * len(words)
    return marks


def scale_bar(sheet: Sheet) -> list[str]:
    """Draw a bar of 1, 2 or 5 times a power of ten metres, 80 to 200 pixels long."""
    power = 10 ** math.floor(math.log10(200 / sheet.scale))
    length_m = max(step * power for step in (1, 2, 5) if step * power * sheet.scale <= 200)  # noqa: PLR2004 - pixels
    x, y, width = 40, sheet.height - 40, length_m * sheet.scale
    return [
        f'<path class="rule" d="M{x} {y - 6}V{y}H{x + width:.1f}V{y - 6}"/>',
        f'<text class="facts" x="{x}" y="{y - 12}">{length_m:g} m</text>',
    ]


def north_arrow() -> str:
    """Draw the arrow in the upper right corner."""
    x = PAGE_PX - 60
    return (
        f'<path class="north" d="M{x} 34l11 33l-11 -8l-11 8z"/>'
        f'<text class="facts" text-anchor="middle" x="{x}" y="86">N</text>'
    )
