"""What must hold in PostgreSQL after every step, whatever happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from functions.domain.job import FINAL, Run

ENDINGS = {
    "job_succeeded": "succeeded",
    "job_failed": "failed",
    "job_cancelled": "cancelled",
    "job_expired": "expired",
}
JOBS = """
SELECT job.*, result.outputs_json,
       (SELECT count(*) FROM dead_letter WHERE dead_letter.job_id = job.id) AS letters,
       (SELECT array_agg(seq ORDER BY seq) FROM job_event WHERE job_id = job.id) AS numbers,
       (SELECT array_agg(event ORDER BY seq) FROM job_event WHERE job_id = job.id) AS events,
       (SELECT count(*) FROM job_event WHERE job_id = job.id AND event = 'job_requeued'
                                        AND detail ->> 'code' = 'seats_exhausted') AS refused,
       (SELECT array_agg(lease_token) FROM seat WHERE job_id = job.id) AS seats
FROM job LEFT JOIN result ON result.job_id = job.id
"""


class Truth:
    """Reads as the owner, and remembers how jobs ended."""

    def __init__(self, owner_url: str) -> None:
        self._connection = psycopg.Connection[dict[str, Any]].connect(
            owner_url, autocommit=True, row_factory=dict_row
        )
        self._ended: dict[UUID, dict[str, Any]] = {}

    def reset(self) -> None:
        self._ended.clear()
        self._connection.execute(
            "TRUNCATE job, dead_letter, dead_letter_incident, idempotency_key CASCADE"
        )

    def close(self) -> None:
        self._connection.close()

    def jobs(self) -> list[dict[str, Any]]:
        return self._connection.execute(JOBS).fetchall()

    def check_seats(self, now: datetime, seats: int) -> None:
        """Called after every commit: never more in use than there are."""
        row = self._connection.execute(
            "SELECT coalesce(sum(weight), 0) AS n FROM seat WHERE expires_at > %s", (now,)
        ).fetchone()
        assert row is not None
        assert row["n"] <= seats

    def check(self, answered: dict[int, Run]) -> None:
        for job in self.jobs():
            self._check_end(job, answered)
            self._check_events(job)
            tokens = job["seats"] or []
            assert tokens in ([], [job["lease_token"]])
            assert job["status"] == "running" or not tokens, "a seat without a run"

    def _check_end(self, job: dict[str, Any], answered: dict[int, Run]) -> None:
        if job["status"] in FINAL:
            assert self._ended.setdefault(job["id"], job) == job, "an end has changed"
        assert (job["outputs_json"] is not None) == (job["status"] == "succeeded")
        assert job["letters"] == (job["status"] == "failed")
        if job["status"] == "succeeded":
            writer = answered[job["outputs_json"]["result"]]
            assert (writer.job_id, writer.lease_token) == (job["id"], job["lease_token"])

    def _check_events(self, job: dict[str, Any]) -> None:
        assert job["numbers"] == list(range(1, len(job["numbers"]) + 1)), "a gap in the events"
        ends = [ENDINGS[event] for event in job["events"] if event in ENDINGS]
        assert ends == ([job["status"]] if job["status"] in FINAL else [])
        assert job["events"].count("job_claimed") == job["lease_token"]
        assert job["attempts"] == job["lease_token"] - job["refused"], "no seat costs no attempt"
