# /// script
# dependencies = ["matplotlib", "numpy"]
# ///
"""Draws the heat map: hours of sun and sky component of each cell, among the buildings.

A Python 3 Script in Rhino 8 (Python 3.9). Axes are metres.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import PALETTE, Drawing, full_scale
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Axes = Any  # matplotlib leaves keyword arguments untyped

INCH = (11.0, 6.2)
DPI = 120
PAPER, INK, QUIET, STONE = "#fbfaf6", "#2f3a33", "#5d6b62", "#c9cdc6"
EXPOSURE_H = (1.5, 3.0, 4.0)  # EN 17037: minimum, medium, high
MAX_LABELS = 40


def draw_heat_map(drawing: Drawing) -> bytes:
    """Return the picture as PNG, the same bytes for the same figures."""
    layout_kind = "constrained" if drawing.kind == "facade" else "compressed"
    figure: Any = Figure(figsize=INCH, dpi=DPI, facecolor=PAPER, layout=layout_kind)
    figure.suptitle(headline(drawing), color=INK, fontsize=12)
    sun = "Direct sun on 21 March, hours; EN 17037's levels marked"
    sky = "Sky component, %; the ring is the worst sensor"
    if drawing.kind == "facade":
        layout = figure.subplot_mosaic([["sun", "plan"], ["sky", "plan"]], width_ratios=(1.6, 1))
        cells = unfolded(drawing.cells)
        draw_plan(layout["plan"], drawing)
    else:
        layout = figure.subplot_mosaic([["sun", "sky"]])
        cells = drawing.cells[:, :, :2]
        for name in ("sun", "sky"):
            draw_buildings(layout[name], drawing)
    beside = "right" if drawing.kind == "facade" else "bottom"
    draw_cells(layout["sun"], cells, drawing.exposure, sun, beside, EXPOSURE_H)
    draw_cells(layout["sky"], cells, drawing.sky, sky, beside)
    for name in ("sun", "sky"):
        name_axes(layout[name], drawing.kind)
        mark_worst(layout[name], cells[drawing.worst])
    written = io.BytesIO()
    figure.savefig(
        written, format="png", bbox_inches="tight", pad_inches=0.2, metadata={"Software": None}
    )
    return written.getvalue()


def headline(drawing: Drawing) -> str:
    """Return the figures that matter most, in one line."""
    exposed = float(np.mean(drawing.exposure >= EXPOSURE_H[0] - 1e-6))
    place = "{latitude:.2f}\N{DEGREE SIGN}, {longitude:.2f}\N{DEGREE SIGN}".format(
        **drawing.location
    )
    return (
        f"{drawing.kind.capitalize()} at {place}: {exposed:.0%} of it has 1.5 h of sun"
        f" on 21 March, median sky component {np.median(drawing.sky):.1f} %"
    )


def unfolded(cells: Floats) -> Floats:
    """Return the cells of a wall (sensors, 4, 2): along the wall from its start, and up."""
    start, end = cells[0, 0, :2], cells[0, 1, :2]
    along = (end - start) / np.hypot(*(end - start))
    return np.stack([(cells[..., :2] - start) @ along, cells[..., 2]], axis=-1)


def draw_cells(
    axes: Axes,
    cells: Floats,
    values: Floats,
    title: str,
    beside: str,
    levels: tuple[float, ...] = (),
) -> None:
    """Colour the cells by their values, with a scale from 0 at the side `beside`.

    The scale shows `levels`, as far as they are on it.
    """
    palette = LinearSegmentedColormap.from_list("daylight", PALETTE)
    drawn = PolyCollection(list(cells), cmap=palette, norm=Normalize(0, full_scale(values)))
    drawn.set_array(values)
    drawn.set_edgecolor("face")
    drawn.set_linewidth(0.3)
    axes.add_collection(drawn)
    finish(axes, title)
    scale = axes.figure.colorbar(drawn, ax=axes, location=beside, shrink=0.85, aspect=18, pad=0.02)
    scale.outline.set_visible(False)
    scale.ax.tick_params(labelsize=8, colors=QUIET, length=2)
    for level in levels:
        if level < full_scale(values):
            line = scale.ax.axhline if beside == "right" else scale.ax.axvline
            line(level, color=PAPER, linewidth=1.2)


def mark_worst(axes: Axes, cell: Floats) -> None:
    """Ring the worst sensor."""
    x, y = cell.mean(axis=0)
    axes.plot(x, y, "o", markersize=7, markerfacecolor="none", markeredgecolor=PAPER, clip_on=False)


def name_axes(axes: Axes, kind: str) -> None:
    """Say what is measured along the axes."""
    across, up = ("along the facade", "above ground") if kind == "facade" else ("east", "north")
    axes.set_xlabel(f"m {across}", fontsize=8, color=QUIET)
    axes.set_ylabel(f"m {up}", fontsize=8, color=QUIET)


def draw_plan(axes: Axes, drawing: Drawing) -> None:
    """Draw the facade from above, with the direction that it looks to."""
    draw_buildings(axes, drawing)
    plan = drawing.cells[:, :2, :2]
    start, end = plan[0, 0], plan[int(np.argmax(np.hypot(*(plan[:, 1] - plan[0, 0]).T))), 1]
    axes.plot([start[0], end[0]], [start[1], end[1]], color="#e2725b", linewidth=4)
    middle, along = (start + end) / 2, end - start
    looks_to = middle + np.array([along[1], -along[0]]) / 4
    axes.update_datalim([looks_to, 2 * middle - looks_to])
    axes.annotate(
        "", looks_to, middle, arrowprops={"arrowstyle": "-|>", "color": "#e2725b", "linewidth": 1.5}
    )
    finish(axes, "Plan, north up, heights in m")


def draw_buildings(axes: Axes, drawing: Drawing) -> None:
    """Draw footprints, with their heights where they can be read."""
    shapes = [building.corners for building in drawing.buildings]
    axes.add_collection(PolyCollection(shapes, facecolor=STONE, edgecolor="#8d958e", linewidth=0.8))
    if len(shapes) <= MAX_LABELS:
        for building in drawing.buildings:
            x, y = inner_point(building.corners)
            label = f"{building.height_m:g}"
            axes.text(x, y, label, ha="center", va="center", fontsize=8, color=INK)


def inner_point(corners: Floats) -> tuple[float, float]:
    """Return the middle of the widest level chord, half-way up the tallest part between corners."""
    levels = np.unique(corners[:, 1])
    gap = int(np.argmax(np.diff(levels)))
    level = (levels[gap] + levels[gap + 1]) / 2
    after = np.roll(corners, -1, axis=0)
    is_cut = (corners[:, 1] < level) != (after[:, 1] < level)
    start, edge = corners[is_cut], (after - corners)[is_cut]
    crossings = np.sort(start[:, 0] + (level - start[:, 1]) * edge[:, 0] / edge[:, 1])
    widest = 2 * int(np.argmax(crossings[1::2] - crossings[::2]))
    return float(crossings[widest] + crossings[widest + 1]) / 2, float(level)


def finish(axes: Axes, title: str) -> None:
    """Title, true scale and quiet axes."""
    axes.set_title(title, loc="left", fontsize=10, color=INK)
    axes.set_facecolor(PAPER)
    axes.autoscale_view()
    axes.margins(0.03)
    axes.set_aspect("equal")
    axes.tick_params(labelsize=8, colors=QUIET, length=2)
    for side in axes.spines.values():
        side.set_visible(False)
