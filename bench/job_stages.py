"""Where a job's time goes, from its timeline, its outbox row and the log of the function app."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import psycopg

from devstack.stack import Stack

STAGES = ("outbox", "queue", "claim", "solve", "finish")
# Instants of one job, in their order; a stage lies between two of them.
INSTANTS = """
SELECT job.id::text, job.created_at, outbox.sent_at, claimed.at, ended.at,
       extract(epoch FROM ended.at)::float8
FROM job
JOIN outbox ON outbox.job_id = job.id AND outbox.attempt = 1
JOIN job_event AS claimed ON claimed.job_id = job.id AND claimed.event = 'job_claimed'
JOIN job_event AS ended ON ended.job_id = job.id AND ended.event = 'job_succeeded'
WHERE job.id = ANY (%s::uuid[]) AND job.attempts = 1
"""


@dataclass(frozen=True, slots=True)
class JobTimes:
    """Milliseconds of each stage, one row a job; ends in seconds since the epoch."""

    rows: list[tuple[float, ...]]
    ended_at_s: list[float]

    def by_stage(self) -> dict[str, list[float]]:
        """The durations of each stage."""
        return {stage: [row[i] for row in self.rows] for i, stage in enumerate(STAGES)}


def read_job_times(stack: Stack, job_ids: list[str]) -> JobTimes:
    """The stages of the jobs that succeeded at the first attempt."""
    logged = read_log((stack.settings.root / "logs/functions.log").read_text().splitlines())
    with psycopg.connect(stack.wiring.owner_url) as connection:
        found = connection.execute(INSTANTS, (job_ids,)).fetchall()
    rows: list[tuple[float, ...]] = []
    for job_id, created_at, sent_at, claimed_at, ended_at, _ in found:
        lines = logged.get(job_id, {})
        if sent_at is None or not {"job_claimed", "job_succeeded"} <= lines.keys():
            continue
        # A drain loop may claim the job before its own doorbell is marked as sent.
        instants = [created_at, min(sent_at, claimed_at), claimed_at]
        instants += [lines["job_claimed"], ended_at, lines["job_succeeded"]]
        rows.append(tuple(_ms(a, b) for a, b in pairwise(instants)))
    return JobTimes(rows, [row[-1] for row in found])


def read_log(lines: Iterable[str]) -> dict[str, dict[str, datetime]]:
    """Instants of log lines by job and event; a line that is no object belongs to somebody else."""
    found: dict[str, dict[str, datetime]] = {}
    for line in lines:
        if not line.startswith("{"):
            continue
        entry = json.loads(line)
        if "job_id" in entry and "ts" in entry:
            at = datetime.fromisoformat(entry["ts"])
            found.setdefault(entry["job_id"], {})[entry["event"]] = at
    return found


def _ms(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() * 1000
