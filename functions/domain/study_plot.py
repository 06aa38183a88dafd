"""What the pictures of a study show, and the colours they share."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from functions.domain.study_axis import Axis, number_axis, value_axis
from functions.domain.study_ranking import Goal
from functions.domain.study_table import Table

INK, MUTED, GRID, PAPER = "#1b2a34", "#6b7a85", "#e4e9ec", "#f7f9fa"
POINT, BEST, ABSENT = "#2a7f8f", "#e4572e", "#b6c0c7"
# From worst to best; light ends would vanish on white.
SHADES = ("#c9dfe0", "#8fbfc4", "#559fa9", "#2a7f8f", "#185a72", "#123c59")

# A figure or axes of matplotlib, whose own types leave every keyword open.
Drawing: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Plot:
    """A study's columns as axes; `is_front` and `is_known` have one entry for each point."""

    parameters: tuple[Axis, ...]
    objectives: tuple[Axis, ...]
    goals: tuple[Goal, ...]
    is_front: tuple[bool, ...]
    is_known: tuple[bool, ...]

    @property
    def front_name(self) -> str:
        """What the highlighted points are."""
        return "Pareto front" if len(self.objectives) > 1 else "best"

    def quality(self, place: int) -> list[float | None]:
        """By an objective: 0 for the worst point, 1 for the best, None without a value."""
        axis, is_max = self.objectives[place], self.goals[place] == "max"
        shares = [None if p is None else axis.share(p) for p in axis.positions]
        return [share if is_max or share is None else 1 - share for share in shares]


def build_plot(table: Table) -> Plot:
    """The axes of a table's columns."""
    study, points = table.study, [row.point for row in table.rows]
    parameters = [
        value_axis(path.removeprefix("$."), [point.parameters[place] for point in points])
        for place, path in enumerate(study.paths)
    ]
    objectives = [
        number_axis(
            str(objective["path"]).removeprefix("$."),
            [None if point.objectives is None else point.objectives[place] for point in points],
        )
        for place, objective in enumerate(study.objectives)
    ]
    return Plot(
        parameters=tuple(parameters),
        objectives=tuple(objectives),
        goals=tuple(study.goals),
        is_front=tuple(row.is_front for row in table.rows),
        is_known=tuple(point.status == "succeeded" for point in points),
    )


def dress(axes: Drawing, x: Axis, y: Axis | None) -> None:
    """Quiet axes: no box, a light grid, names and ticks of the columns."""
    axes.set_facecolor("white")
    axes.set_axisbelow(True)
    axes.grid(color=GRID, linewidth=0.8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(ABSENT)
    axes.tick_params(colors=MUTED, labelsize=9, length=0, pad=6)
    axes.margins(0.05)
    axes.set_xlabel(x.name, color=INK, fontsize=10, labelpad=8)
    if x.ticks:
        axes.set_xticks([at for at, _ in x.ticks], [text for _, text in x.ticks])
    if y is None:
        axes.set_yticks([])
        return
    axes.set_ylabel(y.name, color=INK, fontsize=10, labelpad=8)
    if y.ticks:
        axes.set_yticks([at for at, _ in y.ticks], [text for _, text in y.ticks])


def goal_text(plot: Plot, place: int) -> str:
    """An objective with the way that is better."""
    arrow = "↑" if plot.goals[place] == "max" else "↓"
    return f"{plot.objectives[place].name}  {arrow} {plot.goals[place]}"
