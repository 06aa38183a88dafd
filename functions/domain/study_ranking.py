"""Ranks of a study's points by its objectives.

One objective: 1 is the best, equal values share a place and the next one counts them (1, 1, 3).
Several: the rank is the number of the non-dominated front, so rank 1 is the Pareto front.
"""

from collections.abc import Sequence
from typing import Literal

Goal = Literal["min", "max"]
Values = Sequence[float | None]
Cost = tuple[float, ...]


def rank(values: Sequence[Values | None], goals: Sequence[Goal]) -> list[int | None]:
    """A rank for each point; None for one that lacks a value, and without objectives."""
    if not goals:
        return [None] * len(values)
    costs = [_cost(point, goals) for point in values]
    known = sorted({cost for cost in costs if cost is not None})
    places = _places(costs) if len(goals) == 1 else _fronts(known)
    return [None if cost is None else places[cost] for cost in costs]


def dominates(one: Cost, other: Cost) -> bool:
    """Nowhere worse and somewhere better; less is better."""
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))


def _cost(values: Values | None, goals: Sequence[Goal]) -> Cost | None:
    if values is None or len(values) != len(goals):
        return None
    numbers = [number for number in values if number is not None]
    if len(numbers) != len(goals):
        return None
    pairs = zip(numbers, goals, strict=True)
    return tuple(-number if goal == "max" else number for number, goal in pairs)


def _places(costs: Sequence[Cost | None]) -> dict[Cost, int]:
    places: dict[Cost, int] = {}
    for place, cost in enumerate(sorted(cost for cost in costs if cost is not None), start=1):
        places.setdefault(cost, place)
    return places


def _fronts(ordered: Sequence[Cost]) -> dict[Cost, int]:
    """The front of each distinct cost, given in lexicographic order: none can follow a dominator.

    Source: Zhang, Tian, Cheng, Jin (2015), efficient non-dominated sort with binary search.
    """
    fronts: list[list[Cost]] = []
    found: dict[Cost, int] = {}
    for cost in ordered:
        low, high = 0, len(fronts)
        while low < high:
            middle = (low + high) // 2
            if _is_dominated(cost, fronts[middle]):
                low = middle + 1
            else:
                high = middle
        if low == len(fronts):
            fronts.append([])
        fronts[low].append(cost)
        found[cost] = low + 1
    return found


def _is_dominated(cost: Cost, front: Sequence[Cost]) -> bool:
    # With two objectives the latest member of a front has its least second cost.
    rivals = front[-1:] if len(cost) == 2 else reversed(front)  # noqa: PLR2004 - two objectives
    return any(dominates(rival, cost) for rival in rivals)
