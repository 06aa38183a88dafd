"""What use cases are given: built once by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from appserver.admission.drain import Drain
from appserver.admission.flights import Flights
from appserver.admission.gate import Gate
from appserver.admission.memo import Memo, MemoKey
from appserver.admission.memo_keys import MemoKeys
from appserver.domain.solution import Solver
from contracts.registry import Registry


@dataclass(frozen=True, slots=True)
class Services:
    """The released contracts, the solver and the clock; who is admitted; what is remembered."""

    registry: Registry
    solver: Solver
    now: Callable[[], datetime]
    answer_margin_s: float
    gate: Gate
    drain: Drain
    memo: Memo
    memo_keys: MemoKeys
    flights: Flights[MemoKey, bytes]
