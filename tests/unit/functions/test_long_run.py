"""What a long run needs next, from what is written down alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from contracts.model import Manifest
from contracts.registry import Registry
from functions.domain.long_run import (
    QUEUE_BUDGET_S,
    LongRun,
    LongRunState,
    SolveEnd,
    deadline_of,
    is_long,
    next_step,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOON, BEFORE = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)
RUN = LongRun(UUID(int=1), UUID(int=2), "sitefit", 3)
SOLVING = LongRunState(
    is_running=True,
    has_result=False,
    lease_token=3,
    lease_expires_at=SOON,
    is_cancelled=False,
    solve_id="s",
    deadline_at=SOON,
    progress=None,
    end=None,
)
ENDED = SolveEnd(None)


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (None, "over"),
        (replace(SOLVING, is_running=False), "over"),
        (SOLVING, "wait"),
        (replace(SOLVING, solve_id=None, deadline_at=None), "begin"),
        (replace(SOLVING, solve_id=None), "begin"),
        (replace(SOLVING, lease_token=4), "superseded"),
        (replace(SOLVING, lease_token=4, is_cancelled=True, end=ENDED), "superseded"),
        (replace(SOLVING, is_cancelled=True), "cancel"),
        (replace(SOLVING, is_cancelled=True, end=ENDED), "cancel"),
        (replace(SOLVING, end=ENDED), "conclude"),
        (replace(SOLVING, end=SolveEnd({"code": "engine_error"})), "conclude"),
        (replace(SOLVING, end=ENDED, deadline_at=BEFORE, lease_expires_at=BEFORE), "conclude"),
        (replace(SOLVING, deadline_at=NOW), "time_out"),
        (replace(SOLVING, deadline_at=BEFORE, lease_expires_at=BEFORE), "time_out"),
        (replace(SOLVING, lease_expires_at=NOW), "give_up"),
        (replace(SOLVING, solve_id=None, lease_expires_at=BEFORE), "give_up"),
    ],
)
def test_the_next_step_follows_from_the_state(state: LongRunState | None, step: str) -> None:
    assert next_step(state, RUN.lease_token, NOW, has_listened=True) == step


def test_silence_that_nobody_could_break_says_nothing() -> None:
    silent = replace(SOLVING, lease_expires_at=BEFORE)
    assert next_step(silent, RUN.lease_token, NOW, has_listened=False) == "hold"
    late = replace(silent, deadline_at=NOW)
    assert next_step(late, RUN.lease_token, NOW, has_listened=False) == "time_out"


def test_a_run_is_what_its_history_and_its_reports_say() -> None:
    assert LongRun.from_json(RUN.to_json()) == RUN
    assert LongRun.of_report(RUN.job_id, RUN.report_token) == RUN
    assert RUN.answer_path.startswith(RUN.folder)


@pytest.mark.parametrize("token", ["", "a b", "a b c", f"{UUID(int=2)} sitefit x", "1 2 3 4"])
def test_a_token_of_no_run_is_refused(token: str) -> None:
    with pytest.raises(ValueError):
        LongRun.of_report(RUN.job_id, token)


@pytest.mark.parametrize(
    ("execution", "timeout_s", "expected"),
    [
        ("queue", QUEUE_BUDGET_S, False),
        ("queue", QUEUE_BUDGET_S + 1, True),
        ("durable", 1, True),
    ],
)
def test_what_outlasts_a_queue_handler_is_long(
    execution: str, timeout_s: float, *, expected: bool
) -> None:
    served = Registry.load().resolve("sitefit", "sitefit", "1.1.0")
    changed = served.contract.manifest.model_dump(by_alias=True) | {
        "execution": execution,
        "timeout_sec": timeout_s,
    }
    manifest = Manifest.model_validate(changed)
    assert is_long(manifest) is expected
    assert deadline_of(manifest, NOW) > NOW + timedelta(seconds=timeout_s)
