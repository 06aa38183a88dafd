"""The cost model: sums follow their causes, and the page shows what is computed today."""

from dataclasses import replace

import pytest

from delivery import prices
from delivery.cost import MONTH_S, Load, Shape, monthly, node_hours, read_shape, timer_ticks
from delivery.cost_tables import tables, tables_of_page

SHAPE = Shape(
    env="dev",
    apps=1,
    node_size="Standard_D4ds_v5",
    seats=4,
    nodes_min=1,
    nodes_max=10,
    off_hours=False,
    premium=False,
    replicas=1,
    always_ready=0,
    memory_gb=2.0,
    endpoints=2,
    zones=3,
    metric_alerts=5,
    log_alerts=3,
    ticks=1_000.0,
)


def cells(text: str) -> list[str]:
    return [cell.strip(" *") for line in text.splitlines() for cell in line.split("|")]


def is_near(shown: str, computed: str) -> bool:
    """Equal words; sums within a fifth, or 25 dollars: a further alert makes no page wrong."""
    try:
        one, other = (
            float(text.removesuffix(" ct").replace(",", "")) for text in (shown, computed)
        )
    except ValueError:
        return shown == computed
    return one == pytest.approx(other, rel=0.2, abs=25)


def test_the_page_shows_what_is_computed() -> None:
    shown, computed = cells(tables_of_page()), cells(tables())
    assert len(shown) == len(computed), "run: python -m delivery cost --write"
    wrong = [pair for pair in zip(shown, computed, strict=True) if not is_near(*pair)]
    assert wrong == [], "run: python -m delivery cost --write"


def test_sums_that_are_far_from_the_page_are_noticed() -> None:
    assert is_near("1,168", "1,200")
    assert not is_near("1,168", "2,336")
    assert not is_near("Rhino core hours", "Service Bus")


def test_nodes_run_as_many_hours_as_solves_fill_and_no_fewer_than_the_least() -> None:
    assert node_hours(SHAPE, Load(0)) == prices.HOURS
    filled = Load(3_600_000, solve_s=4.0, busy=0.5)  # 4 M seat seconds an hour of 4 half-busy seats
    assert node_hours(SHAPE, filled) == pytest.approx(3_600_000 * 4.0 / 2.0 / 3600)
    assert node_hours(replace(SHAPE, nodes_min=0), Load(0)) == 0


def test_core_hours_count_the_cores_of_the_machine() -> None:
    small, large = (
        monthly(replace(SHAPE, node_size=size), Load(0))["Rhino core hours"]
        for size in ("Standard_D4ds_v5", "Standard_D8ds_v5")
    )
    assert small == pytest.approx(730 * 4 * prices.RHINO_CORE_HOUR)
    assert large == pytest.approx(2 * small)


def test_standard_bus_is_free_up_to_its_allowance() -> None:
    free = int(prices.BUS_STANDARD_FREE_OPERATIONS / Load(0).bus_operations)
    at, beyond = (monthly(SHAPE, Load(solves))["Service Bus"] for solves in (free, 2 * free))
    assert at == prices.BUS_STANDARD_MONTH
    assert beyond == pytest.approx(at + 12.5 * prices.BUS_STANDARD_MILLION, rel=1e-5)


def test_no_part_gets_cheaper_by_more_solves() -> None:
    for env in ("dev", "prod"):
        shape = read_shape(env)
        idle, busy = monthly(shape, Load(0)), monthly(shape, Load(1_000_000))
        assert idle.keys() == busy.keys()
        assert all(0 <= idle[part] <= busy[part] for part in idle)


def test_ticks_follow_the_schedules() -> None:
    page = """
| `SCHEDULE_A` | `*/5 * * * * *` | often |
| `SCHEDULE_B` | `30 * * * * *` | each minute |
| `SCHEDULE_C` | `0 */10 * * * *` | each ten |
| `SCHEDULE_D` | `0 20 3 * * *` | each day |
"""
    expected = MONTH_S * (1 / 5 + 1 / 60 + 1 / 600 + 1 / 86_400)
    assert timer_ticks(page) == pytest.approx(expected)
    with pytest.raises(ValueError, match="nor once a day"):
        timer_ticks("| `SCHEDULE_E` | `0 0 0 1 * *` | monthly |")


def test_shapes_are_those_of_the_stacks() -> None:
    dev, prod = read_shape("dev"), read_shape("prod")
    assert dev.off_hours
    assert not dev.premium
    assert prod.premium
    assert prod.nodes_min >= 2
    assert prod.always_ready >= 2
    assert dev.ticks == prod.ticks > 500_000
