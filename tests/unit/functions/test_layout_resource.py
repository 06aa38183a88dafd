"""Layouts in the words of their own paths."""

from dataclasses import replace
from typing import get_args

import pytest

from contracts.model import JsonObject
from functions.domain.job import FINAL, Job, JobStatus
from functions.domain.job_resource import submitted_job
from functions.domain.layout_resource import FIGURES, layout_state, layout_status
from tests.builders.jobs import LAYOUTS, a_job

ERROR: JsonObject = {
    "code": "domain_violation",
    "detail": "The outputs say no.",
    "errors": [{"pointer": "/refusals/0", "code": "not_refused", "message": "no_block_fits: none"}],
}


def a_layout(status: JobStatus, error: JsonObject | None = None) -> Job:
    return replace(submitted_job(a_job(app_id=LAYOUTS)), status=status, last_error=error)


@pytest.mark.parametrize("status", get_args(JobStatus))
def test_a_status_is_final_here_when_it_is_for_the_job(status: JobStatus) -> None:
    assert (layout_status(status) in ("completed", "failed")) is (status in FINAL)


def test_a_failed_layout_says_why() -> None:
    state = layout_state(a_layout("failed", ERROR), None)
    assert state["error_message"] == "The outputs say no. no_block_fits: none"
    assert state["status"] == "failed"


@pytest.mark.parametrize("status", ["cancelled", "expired"])
def test_a_layout_that_was_given_up_says_so(status: JobStatus) -> None:
    state = layout_state(a_layout(status), None)
    assert state["status"] == "failed"
    assert str(state["error_message"]).startswith("The layout wa")


def test_an_error_that_is_tried_again_is_no_failure() -> None:
    state = layout_state(a_layout("queued", ERROR), None)
    assert (state["status"], state["error_message"]) == ("queued", None)


def test_figures_stand_with_a_completed_layout_alone() -> None:
    outputs: JsonObject = {**dict.fromkeys(FIGURES, 7), "assets": [], "artifacts": []}
    assert FIGURES[0] not in layout_state(a_layout("running"), None)
    completed = layout_state(a_layout("succeeded"), outputs)
    assert {name: completed[name] for name in FIGURES} == dict.fromkeys(FIGURES, 7)
    assert "assets" not in completed
