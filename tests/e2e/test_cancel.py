"""Cancelling frees the seat: at once while queued, within a heartbeat while running."""

import os
import signal

from tests.e2e.conftest import Platform, example, wait_until


def cancel(platform: Platform, job_id: str) -> tuple[int, str]:
    answer = platform.client.post(f"/sitefit/jobs/{job_id}/cancel")
    body = answer.json()
    return answer.status_code, body.get("status") if answer.is_success else body["code"]


def test_a_queued_job_ends_at_once(platform: Platform) -> None:
    platform.stack.stop("service_bus")
    try:
        job_id = platform.accepted({"value": 1})
        assert cancel(platform, job_id)[1] == "cancelled"
        assert cancel(platform, job_id)[1] == "cancelled"
    finally:
        platform.stack.start("service_bus")
    assert platform.result(job_id).json()["code"] == "invalid_state"


def test_a_running_solve_is_stopped_and_its_late_answer_dropped(platform: Platform) -> None:
    pid = platform.stack.pid("compute")
    os.kill(pid, signal.SIGSTOP)
    try:
        job_id = platform.accepted(example("minimal"), "1.0.0")
        wait_until(lambda: platform.status(job_id) == "running", "the claim")
        assert cancel(platform, job_id)[0] in (200, 202)
        assert platform.ended(job_id)["status"] == "cancelled"
        assert platform.query("SELECT count(*) FROM seat WHERE job_id = %s", job_id) == [(0,)]
    finally:
        os.kill(pid, signal.SIGCONT)
    later = platform.ended(platform.accepted(example("minimal"), "1.0.0"))
    assert later["status"] == "succeeded"
    assert platform.status(job_id) == "cancelled"
    assert platform.query("SELECT count(*) FROM result WHERE job_id = %s", job_id) == [(0,)]
    events = platform.query("SELECT event FROM job_event WHERE job_id = %s ORDER BY seq", job_id)
    assert [event for (event,) in events][-2:] == ["job_cancel_requested", "job_cancelled"]


def test_a_job_that_has_ended_otherwise_cannot_be_cancelled(platform: Platform) -> None:
    job_id = platform.accepted({"value": 1})
    platform.ended(job_id)
    assert cancel(platform, job_id) == (409, "invalid_state")
