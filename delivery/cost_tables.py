"""The cost model as the Markdown tables of docs/cost.md."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from delivery.checkout import ROOT
from delivery.cost import SOLVES, Load, Shape, monthly, node_hours, read_shape

ENVIRONMENTS = ("dev", "prod")
LOADED = 100_000


PAGE = ROOT / "docs/cost.md"
_BLOCK = re.compile(r"(?<=<!-- computed -->\n\n).*?(?=\n<!-- end -->)", re.DOTALL)


def write_page() -> None:
    """Put today's tables into docs/cost.md."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_BLOCK.sub(lambda _: tables(), text), encoding="utf-8")


def tables_of_page() -> str:
    """The tables that docs/cost.md shows."""
    found = _BLOCK.search(PAGE.read_text(encoding="utf-8"))
    return found[0] if found else ""


def tables() -> str:
    """Every table, in the order of the page."""
    shapes = [read_shape(env) for env in ENVIRONMENTS]
    parts = [_by_part(shape) for shape in shapes]
    return "\n\n".join([*parts, _levers(shapes[-1])]) + "\n"


def _by_part(shape: Shape) -> str:
    columns = [monthly(shape, Load(solves)) for solves in SOLVES]
    heads = ["idle", *(f"{solves:,}" for solves in SOLVES[1:])]
    rows = [[part, *(_usd(column[part]) for column in columns)] for part in columns[0]]
    totals = [sum(column.values()) for column in columns]
    rows.append(["**Sum**", *(f"**{_usd(total)}**" for total in totals)])
    rows.append(["dominates", *(max(column, key=lambda part: column[part]) for column in columns)])
    rows.append(["nodes on average", *(_nodes(shape, solves) for solves in SOLVES)])
    each = [_cents(total / solves) for total, solves in zip(totals[1:], SOLVES[1:], strict=True)]
    rows.append(["a solve", "", *each])
    return _table([f"`{shape.env}`, USD a month", *heads], rows)


def _nodes(shape: Shape, solves: int) -> str:
    return f"{node_hours(shape, Load(solves)) / shape.open_hours:.1f}"


def _levers(shape: Shape) -> str:
    """What one change alone saves, idle and loaded."""
    changes: list[tuple[str, Callable[[Shape], Shape], Callable[[Load], Load]]] = [
        ("nothing", _same, _same_load),
        ("nodes off at night and on weekends", lambda s: replace(s, off_hours=True), _same_load),
        ("one node at least instead of two", lambda s: replace(s, nodes_min=1), _same_load),
        ("no node at least", lambda s: replace(s, nodes_min=0), _same_load),
        ("eight seats a node", lambda s: replace(s, seats=8), _same_load),
        ("Standard instead of Premium", lambda s: replace(s, premium=False), _same_load),
        ("512 MB functions", lambda s: replace(s, memory_gb=0.5), _same_load),
        ("timers six times as rare", lambda s: replace(s, ticks=s.ticks / 6), _same_load),
        ("solves of 30 s", _same, lambda one: replace(one, solve_s=30)),
        ("half of the solves reused", _same, lambda one: replace(one, solves=one.solves // 2)),
        ("ten times as many apps", _ten_times_the_apps, _same_load),
    ]
    rows = [
        [name, *(_usd(_sum(of_shape(shape), of_load(Load(solves)))) for solves in (0, *SOLVES[2:]))]
        for name, of_shape, of_load in changes
    ]
    heads = [f"`{shape.env}`, one change alone", "idle", *(f"{solves:,}" for solves in SOLVES[2:])]
    return _table(heads, rows)


def _same(shape: Shape) -> Shape:
    return shape


def _same_load(load: Load) -> Load:
    return load


def _ten_times_the_apps(shape: Shape) -> Shape:
    """Each brings its timers, its warm instances and three alerts of each kind."""
    return replace(
        shape,
        apps=10 * shape.apps,
        always_ready=10 * shape.always_ready,
        metric_alerts=shape.metric_alerts + 9 * 3 * shape.apps,
        log_alerts=shape.log_alerts + 9 * 3 * shape.apps,
    )


def _sum(shape: Shape, load: Load) -> float:
    return sum(monthly(shape, load).values())


def _usd(amount: float) -> str:
    return f"{amount:,.0f}"


def _cents(amount: float) -> str:
    return f"{100 * amount:,.2f} ct"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
