"""What use cases are given: built once by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from appserver.admission.drain import Drain
from appserver.admission.flights import Flights
from appserver.admission.gate import Gate
from appserver.admission.memo import Memo, MemoKey
from appserver.admission.memo_keys import MemoKeys
from appserver.callbacks.long_solves import LongSolves
from appserver.callbacks.rules import ReportRules
from appserver.callbacks.sender import CallbackSender
from appserver.domain.signature import SigningKey
from appserver.domain.solution import Solver
from contracts.registry import Registry


@dataclass(frozen=True, slots=True)
class Services:
    """The released contracts, the solver and the clock; who is admitted; what is remembered.

    `reporter` is None without a key to sign reports with.
    """

    registry: Registry
    solver: Solver
    now: Callable[[], datetime]
    answer_margin_s: float
    gate: Gate
    drain: Drain
    memo: Memo
    memo_keys: MemoKeys
    signing_key: SigningKey | None
    flights: Flights[MemoKey, bytes]
    long_solves: LongSolves
    reporter: CallbackSender | None
    report_rules: ReportRules
    make_id: Callable[[], str]
