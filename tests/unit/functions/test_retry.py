"""Transient failures wait longer each time; permanent ones and used-up attempts end the job."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.wire.problem import PROBLEMS, ProblemCode
from functions.domain.errors import JobFailedError
from functions.domain.retry import CAP_S, retry_delay, uses_attempt

WAITING: tuple[ProblemCode, ...] = ("seats_exhausted", "rate_limited")
TRANSIENT: list[ProblemCode] = [
    code for code, kind in PROBLEMS.items() if kind.retryable and code not in WAITING
]
PERMANENT: list[ProblemCode] = [code for code, kind in PROBLEMS.items() if not kind.retryable]


@pytest.mark.parametrize("code", PERMANENT)
def test_permanent_failures_are_never_retried(code: ProblemCode) -> None:
    assert retry_delay(JobFailedError("why", code=code), 1, 5, 0.5) is None


@pytest.mark.parametrize("code", TRANSIENT)
def test_transient_failures_are_retried_until_attempts_are_used_up(code: ProblemCode) -> None:
    error = JobFailedError("why", code=code)
    assert retry_delay(error, 4, 5, 0.5) is not None
    assert retry_delay(error, 5, 5, 0.5) is None


@given(st.integers(1, 19), st.floats(0, 1, exclude_max=True))
def test_delays_stay_under_a_doubling_ceiling(attempts: int, jitter: float) -> None:
    delay = retry_delay(JobFailedError("why", code="engine_error"), attempts, 20, jitter)
    assert delay is not None
    assert timedelta(0) <= delay <= timedelta(seconds=min(CAP_S, 2 * 2 ** (attempts - 1)))


def test_a_servers_retry_after_is_honoured() -> None:
    error = JobFailedError("why", code="engine_unreachable", retry_after_s=90)
    assert retry_delay(error, 1, 5, 0.0) == timedelta(seconds=90)


@pytest.mark.parametrize("code", WAITING)
def test_room_is_waited_for_whatever_was_attempted(code: ProblemCode) -> None:
    told = JobFailedError("why", code=code, retry_after_s=60)
    assert retry_delay(told, 5, 5, 0.5) == timedelta(seconds=90)
    assert retry_delay(JobFailedError("why", code=code), 5, 5, 0.0) == timedelta(seconds=5)
    assert not uses_attempt(told)
    assert all(uses_attempt(JobFailedError("why", code=code)) for code in (*TRANSIENT, *PERMANENT))


def test_the_five_transient_reasons_are_those_of_the_specification() -> None:
    solving = {"engine_error", "engine_unreachable", "solve_timeout", "plugin_mismatch"}
    assert solving | {"internal"} <= {*TRANSIENT}
    assert {"definition_error", "output_contract_violation", "domain_violation"} <= {*PERMANENT}
