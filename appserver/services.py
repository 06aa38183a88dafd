"""What use cases are given: built once by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from appserver.domain.solution import Solver
from contracts.registry import Registry


@dataclass(frozen=True, slots=True)
class Services:
    """The released contracts, the solver and the clock."""

    registry: Registry
    solver: Solver
    now: Callable[[], datetime]
    answer_margin_s: float
