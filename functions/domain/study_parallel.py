"""Parallel coordinates: one vertical axis for each parameter and objective, one line a point."""

from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap

from functions.domain.study_axis import Axis
from functions.domain.study_plot import (
    ABSENT,
    BEST,
    INK,
    MUTED,
    PAPER,
    POINT,
    SHADES,
    Drawing,
    Plot,
)

GAP = 0.45  # between parameters and objectives, in distances of axes
MAX_FRONT_LINES = 40
MIN_PLAIN, MAX_PLAIN = 1e-3, 1e9
_SCALE = LinearSegmentedColormap.from_list("study", SHADES)
_Line = list[tuple[float, float]]


def draw_parallel(figure: Drawing, plot: Plot) -> None:
    """Lines are shaded by the first objective and drawn worst first, so that the best are seen."""
    columns = [*plot.parameters, *plot.objectives]
    places = [i + (GAP if i >= len(plot.parameters) else 0.0) for i in range(len(columns))]
    figure.set_size_inches(max(9.0, 1.7 * (places[-1] + 1) + 1.0), 6.2)
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.set_xlim(-0.35, places[-1] + 0.35)
    axes.set_ylim(-0.08, 1.25)
    if plot.objectives:
        left = places[len(plot.parameters)] - 0.3
        axes.axvspan(left, places[-1] + 0.35, ymin=0.02, ymax=0.94, color=PAPER, zorder=0)
    _draw_lines(axes, plot, columns, places)
    for number, (place, column) in enumerate(zip(places, columns, strict=True)):
        goal = number - len(plot.parameters)
        arrow = "" if goal < 0 else (" ↑" if plot.goals[goal] == "max" else " ↓")
        _draw_axis(axes, place, column, column.name + arrow, is_bold=goal >= 0)


def _draw_lines(axes: Drawing, plot: Plot, columns: list[Axis], places: list[float]) -> None:
    quality = plot.quality(0) if plot.objectives else [1.0] * len(plot.is_known)
    numbers = [n for n in range(len(quality)) if quality[n] is not None and plot.is_known[n]]
    numbers.sort(key=lambda n: quality[n] or 0.0)
    rest = [n for n in numbers if not plot.is_front[n]]
    front = [n for n in numbers if plot.is_front[n]][-MAX_FRONT_LINES:]
    alpha = max(0.12, min(0.8, 60 / max(1, len(rest))))
    shades = [_SCALE(quality[n] or 0.0) if plot.objectives else POINT for n in rest]
    lines = [_line(n, columns, places) for n in rest]
    axes.add_collection(LineCollection(lines, colors=shades, alpha=alpha, linewidths=1.1, zorder=2))
    lines = [_line(n, columns, places) for n in front]
    axes.add_collection(LineCollection(lines, colors="white", linewidths=4.0, alpha=0.8, zorder=3))
    best = LineCollection(lines, colors=BEST, linewidths=1.9, zorder=4, label=plot.front_name)
    axes.add_collection(best)
    if front:
        axes.legend(
            handles=[best],
            frameon=False,
            fontsize=10,
            labelcolor=INK,
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            borderaxespad=0.0,
        )


def _line(number: int, columns: list[Axis], places: list[float]) -> _Line:
    found: _Line = []
    for place, column in zip(places, columns, strict=True):
        position = column.positions[number]
        if position is not None:
            found.append((place, column.share(position)))
    return found


def _draw_axis(axes: Drawing, place: float, column: Axis, name: str, *, is_bold: bool) -> None:
    axes.plot([place, place], [0, 1], color=ABSENT, linewidth=1.2, zorder=5)
    weight = "bold" if is_bold else "normal"
    way, dot, last = name.rpartition(".")
    axes.text(place, 1.07, _short(last), ha="center", color=INK, fontsize=10, fontweight=weight)
    axes.text(place, 1.125, _short(way + dot), ha="center", color=MUTED, fontsize=8)
    if column.ticks:
        for position, text in column.ticks:
            _draw_label(axes, place, column.share(position), text)
        return
    low, high = column.span
    for share, value in ((0.0, low), (0.5, (low + high) / 2), (1.0, high)):
        _draw_label(axes, place, share, _number(value))


def _draw_label(axes: Drawing, place: float, share: float, text: str) -> None:
    axes.plot([place - 0.02, place], [share, share], color=ABSENT, linewidth=1.2, zorder=5)
    paper = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.0}
    axes.text(
        place - 0.035,
        share,
        text,
        ha="right",
        va="center",
        color=MUTED,
        fontsize=8,
        bbox=paper,
        zorder=6,
    )


def _number(value: float) -> str:
    """Four digits that count; no powers of ten where people would not write them."""
    rounded = float(f"{value:.4g}")
    if rounded and not MIN_PLAIN <= abs(rounded) < MAX_PLAIN:
        return f"{rounded:.3g}"
    return f"{rounded:,.10f}".rstrip("0").rstrip(".")


def _short(name: str) -> str:
    return name if len(name) <= 22 else f"…{name[-21:]}"  # noqa: PLR2004 - what fits over an axis
