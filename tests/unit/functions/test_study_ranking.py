"""Ranks, against counting by hand."""

from hypothesis import given
from hypothesis import strategies as st

from functions.domain.study_ranking import Cost, Goal, dominates, rank

few = st.integers(0, 6).map(float)
pairs = st.lists(st.tuples(few, few), max_size=30)
triples = st.lists(st.tuples(few, few, few), max_size=30)


def fronts_by_peeling(costs: list[Cost]) -> list[int]:
    """The definition: take away what nobody dominates, again and again."""
    ranks: dict[int, int] = {}
    number = 1
    while left := [i for i in range(len(costs)) if i not in ranks]:
        front = [i for i in left if not any(dominates(costs[j], costs[i]) for j in left)]
        ranks |= dict.fromkeys(front, number)
        number += 1
    return [ranks[i] for i in range(len(costs))]


@given(costs=pairs)
def test_fronts_of_two_objectives_are_those_of_the_definition(costs: list[Cost]) -> None:
    assert rank(costs, ["min", "min"]) == fronts_by_peeling(costs)


@given(costs=triples)
def test_fronts_of_three_objectives_are_those_of_the_definition(costs: list[Cost]) -> None:
    assert rank(costs, ["min", "min", "min"]) == fronts_by_peeling(costs)


@given(costs=pairs)
def test_to_maximise_is_to_minimise_the_opposite(costs: list[Cost]) -> None:
    turned = [(a, -b) for a, b in costs]
    assert rank(turned, ["min", "max"]) == rank(costs, ["min", "min"])


@given(values=st.lists(st.floats(-1e9, 1e9), max_size=40), goal=st.sampled_from(["min", "max"]))
def test_a_rank_counts_what_is_better(values: list[float], goal: Goal) -> None:
    better = {"min": lambda a, b: a < b, "max": lambda a, b: a > b}[goal]
    expected = [1 + sum(better(other, value) for other in values) for value in values]
    assert rank([(value,) for value in values], [goal]) == expected


def test_points_without_a_value_have_no_rank() -> None:
    assert rank([[2.0], None, [None], [1.0]], ["min"]) == [2, None, None, 1]
    assert rank([[1.0, None], [1.0, 2.0]], ["min", "min"]) == [None, 1]
    assert rank([None, None], []) == [None, None]
