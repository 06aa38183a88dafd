"""The graph as a picture: what a box needs stands to its left.

Everything needs its resource group: those arrows are left out.
"""

from dataclasses import dataclass
from html import escape

from offline.graph import Box, boxes
from offline.recording import Recording

_GAP_X, _GAP_Y, _ROW, _HEAD, _MARGIN = 90, 22, 16, 26, 24
_LETTER, _HEAD_LETTER = 6.4, 8.6
"""Widths of letters at the sizes of rows and heads, generously."""
_FONT = "DejaVu Sans, Verdana, sans-serif"
_PALETTE = {
    "kept": ("#e8f0fe", "#3367d6"),
    "watch": ("#fef7e0", "#b06000"),
    "plain": ("#f1f3f4", "#5f6368"),
}
_WATCH = {"Alerts", "Dashboard", "Workbook", "Budget", "ActionGroup", "Observability"}

_GROUP = "ResourceGroup"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a box stands."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.left + self.width

    @property
    def middle(self) -> float:
        """Half-way down."""
        return self.top + self.height / 2


def graph_svg(recording: Recording) -> str:
    """Components in columns by rank; every arrow points to what is needed."""
    found = boxes(recording)
    spots = _spots(found)
    width = max(spot.right for spot in spots.values()) + _MARGIN
    height = max(spot.top + spot.height for spot in spots.values()) + _MARGIN
    drawn = [
        _opening(width, height),
        f'<rect width="{width}" height="{height}" fill="white"/>',
        _text(_MARGIN, 30, 18, f"{recording.stack}: {len(recording.azure_resources())} resources"),
    ]
    for urn, box in sorted(found.items()):
        drawn += [
            _arrow(spots[urn], spots[one])
            for one in sorted(box.needs)
            if found[one].title != _GROUP
        ]
    drawn += [_drawn(box, spots[urn]) for urn, box in found.items()]
    return "\n".join([*drawn, "</svg>", ""])


def _opening(width: int, height: int) -> str:
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{_FONT}">'


def _text(left: int, top: int, size: int, text: str) -> str:
    place = f'x="{left}" y="{top}" font-size="{size}" font-weight="bold"'
    return f"<text {place}>{escape(text)}</text>"


def _spots(found: dict[str, Box]) -> dict[str, Spot]:
    """Columns by rank; in a column, boxes stand near the middle of what they need."""
    spots: dict[str, Spot] = {}
    left = _MARGIN
    for rank in range(max(box.rank for box in found.values()) + 1):
        column = {urn: box for urn, box in found.items() if box.rank == rank}
        width = max(map(_width, column.values()))
        top = _MARGIN + 30
        for urn in sorted(column, key=lambda one: (_middle(found[one], spots), found[one].name)):
            tall = _HEAD + _ROW * len(found[urn].rows) + 8
            spots[urn] = Spot(left, top, width, tall)
            top += tall + _GAP_Y
        left += width + _GAP_X
    return spots


def _width(box: Box) -> int:
    rows = max((len(kind) + 1 + len(name) for kind, name in box.rows), default=0) * _LETTER
    return round(max(rows, len(f"{box.title}: {box.name}") * _HEAD_LETTER)) + 24


def _middle(box: Box, spots: dict[str, Spot]) -> float:
    middles = [spots[one].middle for one in box.needs if one in spots]
    return sum(middles) / len(middles) if middles else 0


def _arrow(start: Spot, end: Spot) -> str:
    x1, y1, x2, y2 = start.left, start.middle, end.right, end.middle
    bend = max(40, (x1 - x2) / 2)
    return (
        f'<path d="M{x1} {y1:.0f}C{x1 - bend:.0f} {y1:.0f} {x2 + bend:.0f} {y2:.0f} {x2} {y2:.0f}" '
        'fill="none" stroke="#9aa0a6" stroke-width="1" opacity="0.7"/>'
        f'<circle cx="{x2}" cy="{y2:.0f}" r="3" fill="#9aa0a6"/>'
    )


def _drawn(box: Box, spot: Spot) -> str:
    watches = "watch" if box.title in _WATCH else "plain"
    fill, line = _PALETTE["kept" if box.is_kept else watches]
    rows = [
        f'<text x="{spot.left + 12}" y="{spot.top + _HEAD + 12 + _ROW * index}" font-size="11">'
        f'<tspan fill="{line}">{escape(kind)}</tspan> {escape(name)}</text>'
        for index, (kind, name) in enumerate(box.rows)
    ]
    head = (
        f'<rect x="{spot.left}" y="{spot.top}" width="{spot.width}" height="{spot.height}" rx="5" '
        f'fill="{fill}" stroke="{line}"/>'
        f"{_text(spot.left + 10, spot.top + 18, 13, f'{box.title}: {box.name}')}"
    )
    return "\n".join([head, *rows])
