"""The graph as a picture: what a box needs stands to its left."""

from html import escape

from offline.graph import Box, boxes
from offline.recording import Recording

_WIDTH, _GAP_X, _GAP_Y, _ROW, _HEAD, _MARGIN = 330, 110, 22, 16, 26, 24
_FONT = "DejaVu Sans, Verdana, sans-serif"
_PALETTE = {
    "kept": ("#e8f0fe", "#3367d6"),
    "watch": ("#fef7e0", "#b06000"),
    "plain": ("#f1f3f4", "#5f6368"),
}
_WATCH = {"Alerts", "Dashboard", "Workbook", "Budget", "ActionGroup", "Observability"}

Spot = tuple[int, int, int]
"""Left, top and height of a box."""


def graph_svg(recording: Recording) -> str:
    """Components in columns by rank; every arrow points to what is needed."""
    found = boxes(recording)
    spots = _spots(found)
    width = max(left for left, _, _ in spots.values()) + _WIDTH + _MARGIN
    height = max(top + tall for _, top, tall in spots.values()) + _MARGIN
    drawn = [
        _opening(width, height),
        f'<rect width="{width}" height="{height}" fill="white"/>',
        _text(_MARGIN, 30, 18, f"{recording.stack}: {len(recording.azure_resources())} resources"),
    ]
    for urn, box in sorted(found.items()):
        drawn += [_arrow(spots[urn], spots[one]) for one in sorted(box.needs)]
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
    for rank in range(max(box.rank for box in found.values()) + 1):
        column = [urn for urn, box in found.items() if box.rank == rank]
        top = _MARGIN + 30
        for urn in sorted(column, key=lambda one: (_middle(found[one], spots), found[one].name)):
            tall = _HEAD + _ROW * len(found[urn].rows) + 8
            spots[urn] = (_MARGIN + rank * (_WIDTH + _GAP_X), top, tall)
            top += tall + _GAP_Y
    return spots


def _middle(box: Box, spots: dict[str, Spot]) -> float:
    tops = [spots[one][1] + spots[one][2] / 2 for one in box.needs if one in spots]
    return sum(tops) / len(tops) if tops else 0


def _arrow(start: Spot, end: Spot) -> str:
    x1, y1 = start[0], start[1] + start[2] / 2
    x2, y2 = end[0] + _WIDTH, end[1] + end[2] / 2
    bend = max(40, (x1 - x2) / 2)
    return (
        f'<path d="M{x1} {y1:.0f}C{x1 - bend:.0f} {y1:.0f} {x2 + bend:.0f} {y2:.0f} {x2} {y2:.0f}" '
        'fill="none" stroke="#9aa0a6" stroke-width="1" opacity="0.7"/>'
        f'<circle cx="{x2}" cy="{y2:.0f}" r="3" fill="#9aa0a6"/>'
    )


def _drawn(box: Box, spot: Spot) -> str:
    left, top, tall = spot
    fill, line = _PALETTE["watch" if box.title in _WATCH else "kept" if box.rank == 0 else "plain"]
    rows = [
        f'<text x="{left + 12}" y="{top + _HEAD + 12 + _ROW * index}" font-size="11">'
        f'<tspan fill="{line}">{escape(kind)}</tspan> {escape(name)}</text>'
        for index, (kind, name) in enumerate(box.rows)
    ]
    head = (
        f'<rect x="{left}" y="{top}" width="{_WIDTH}" height="{tall}" rx="5" fill="{fill}" '
        f'stroke="{line}"/>{_text(left + 10, top + 18, 13, f"{box.title}: {box.name}")}'
    )
    return "\n".join([head, *rows])
