"""Scatter plots of a study with one or two parameters."""

from collections.abc import Callable, Sequence
from functools import partial

from matplotlib.colors import LinearSegmentedColormap

from functions.domain.study_axis import Axis
from functions.domain.study_plot import (
    ABSENT,
    BEST,
    INK,
    MUTED,
    POINT,
    SHADES,
    Drawing,
    Plot,
    dress,
    goal_text,
)

PANEL_IN = (5.2, 4.6)
MAX_COLUMNS = 3
_Panel = Callable[[Drawing], None]
_SCALE = LinearSegmentedColormap.from_list("study", SHADES)


def draw_scatter(figure: Drawing, plot: Plot) -> None:
    """A panel for each objective, and first that of the trade-off between two of them."""
    panels = _panels(plot)
    columns = min(len(panels), MAX_COLUMNS)
    rows = -(-len(panels) // columns)
    figure.set_size_inches(PANEL_IN[0] * columns + 0.6, PANEL_IN[1] * rows + 0.9)
    for place, panel in enumerate(panels, start=1):
        panel(figure.add_subplot(rows, columns, place))


def _panels(plot: Plot) -> list[_Panel]:
    if not plot.objectives:
        return [partial(_layout, plot)]
    several = [partial(_trade_off, plot)] if len(plot.objectives) > 1 else []
    one_each = _response if len(plot.parameters) == 1 else _field
    return [*several, *(partial(one_each, plot, place) for place in range(len(plot.objectives)))]


def _layout(plot: Plot, axes: Drawing) -> None:
    """Where the points lie: nothing is better or worse."""
    x = plot.parameters[0]
    y = plot.parameters[1] if len(plot.parameters) > 1 else None
    dress(axes, x, y)
    heights = y.positions if y else [0.0] * len(x.positions)
    colours = [POINT if known else ABSENT for known in plot.is_known]
    axes.scatter(x.positions, heights, c=colours, s=_size(plot), edgecolors="white", linewidths=0.6)


def _response(plot: Plot, place: int, axes: Drawing) -> None:
    """An objective over the one parameter."""
    x, y = plot.parameters[0], plot.objectives[place]
    dress(axes, x, y)
    _title(axes, goal_text(plot, place))
    _points(plot, axes, x, y)


def _trade_off(plot: Plot, axes: Drawing) -> None:
    """The first objective against the second; the front is what no point beats."""
    x, y = plot.objectives[0], plot.objectives[1]
    dress(axes, x, y)
    axes.set_xlabel(goal_text(plot, 0), color=INK, fontsize=10, labelpad=8)
    axes.set_ylabel(goal_text(plot, 1), color=INK, fontsize=10, labelpad=8)
    _title(axes, "Trade-off")
    front = sorted(_where(plot.is_front, x, y))
    if len(plot.objectives) == 2:  # noqa: PLR2004 - of more, the front is no line here
        axes.plot(*_unzip(front), color=BEST, linewidth=1.4, alpha=0.55, zorder=2)
    _points(plot, axes, x, y)


def _points(plot: Plot, axes: Drawing, x: Axis, y: Axis) -> None:
    rest = _where([not front for front in plot.is_front], x, y)
    front = _where(plot.is_front, x, y)
    edge = {"edgecolors": "white", "linewidths": 0.6}
    if rest:
        axes.scatter(*_unzip(rest), color=POINT, alpha=0.75, s=_size(plot), zorder=3, **edge)
    if front:
        name = plot.front_name
        axes.scatter(*_unzip(front), color=BEST, s=_size(plot) * 1.7, zorder=4, label=name, **edge)
        axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="best", handletextpad=0.2)
    _absent(plot, axes, x)


def _absent(plot: Plot, axes: Drawing, x: Axis) -> None:
    """Marks on the lower edge where a point has no value."""
    known = zip(x.positions, plot.is_known, strict=True)
    missing = [position for position, is_known in known if not is_known and position is not None]
    if missing:
        bottom = axes.get_xaxis_transform()
        axes.scatter(
            missing,
            [0.0] * len(missing),
            marker="|",
            s=60,
            color=ABSENT,
            transform=bottom,
            clip_on=False,
        )


def _field(plot: Plot, place: int, axes: Drawing) -> None:
    """An objective as colour over the two parameters; the best points are ringed."""
    x, y = plot.parameters
    objective = plot.objectives[place]
    dress(axes, x, y)
    _title(axes, goal_text(plot, place))
    scale = _SCALE if plot.goals[place] == "max" else _SCALE.reversed()
    absent = _where([not known for known in plot.is_known], x, y)
    if absent:
        axes.scatter(*_unzip(absent), marker="x", color=ABSENT, s=_size(plot) * 0.7, linewidths=1)
    known = [p is not None for p in objective.positions]
    values = [p for p in objective.positions if p is not None]
    if not values:
        return
    low, high = objective.span
    drawn = axes.scatter(
        *_unzip(_where(known, x, y)),
        c=values,
        cmap=scale,
        vmin=low,
        vmax=high,
        s=_size(plot),
        edgecolors="white",
        linewidths=0.6,
        zorder=3,
    )
    _ring_front(plot, axes, x, y)
    bar = axes.figure.colorbar(drawn, ax=axes, fraction=0.045, pad=0.03)
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=MUTED, labelsize=8, length=0)


def _ring_front(plot: Plot, axes: Drawing, x: Axis, y: Axis) -> None:
    axes.scatter(
        *_unzip(_where(plot.is_front, x, y)),
        s=_size(plot) * 2.2,
        facecolors="none",
        edgecolors=BEST,
        linewidths=1.8,
        zorder=4,
        label=plot.front_name,
    )
    axes.legend(
        frameon=False,
        fontsize=9,
        labelcolor=INK,
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        borderaxespad=0.2,
        handletextpad=0.2,
    )


def _size(plot: Plot) -> float:
    """Area of a mark, in points squared: less where there are many."""
    return max(14.0, min(64.0, 6000.0 / max(1, len(plot.is_known))))


def _where(chosen: Sequence[bool], x: Axis, y: Axis) -> list[tuple[float, float]]:
    """Chosen points that have both positions."""
    triples = zip(chosen, x.positions, y.positions, strict=True)
    return [(a, b) for is_chosen, a, b in triples if is_chosen and a is not None and b is not None]


def _unzip(pairs: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [a for a, _ in pairs], [b for _, b in pairs]


def _title(axes: Drawing, text: str) -> None:
    axes.set_title(text, loc="left", color=INK, fontsize=11, fontweight="bold", pad=10)
