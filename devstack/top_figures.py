"""The running stack in figures: read from PostgreSQL and by peeking, changing nothing."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow, dict_row

Connection = psycopg.Connection[DictRow]
STATUSES = ("queued", "running", "succeeded", "failed", "cancelled", "expired")
LATEST = 100

_SCOPE = "SELECT set_config('request.jwt.claims', %s, true)"
_JOBS: LiteralString = """
SELECT app_id, status, count(*) AS jobs,
       (extract(epoch FROM now() - min(created_at) FILTER (
          WHERE status = 'queued' AND coalesce(next_attempt_at, created_at) <= now()
        )))::float8 AS oldest_waiting_s
FROM job WHERE app_id = ANY (%(apps)s) GROUP BY app_id, status
"""
_SEATS: LiteralString = """
SELECT app_id, sum(weight)::integer AS in_use
FROM seat WHERE app_id = ANY (%(apps)s) AND lane = 'batch' AND expires_at > now() GROUP BY app_id
"""
_LATENCY: LiteralString = """
SELECT app_id, count(*) AS sample,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took_ms) AS p50_ms,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY took_ms) AS p95_ms
FROM unnest(%(apps)s::text[]) AS app
CROSS JOIN LATERAL (
  SELECT app_id, (extract(epoch FROM ended_at - created_at) * 1000)::float8 AS took_ms
  FROM job WHERE app_id = app AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT %(latest)s
) AS ended
GROUP BY app_id
"""


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Messages by state; at most `peeking.MOST` of each sub-queue are counted."""

    name: str
    active: int
    scheduled: int
    dead_letter: int


@dataclass(frozen=True, slots=True)
class AppFigures:
    """Jobs by status, batch seats, latency of the latest ended jobs from submission to end."""

    app_id: str
    jobs: Mapping[str, int]
    seats_in_use: int
    seats: int
    oldest_waiting_s: float | None
    """Age of the oldest job that is due and not claimed."""
    p50_ms: float | None
    p95_ms: float | None
    sample: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One look at the stack."""

    queues: tuple[QueueFigures, ...]
    apps: tuple[AppFigures, ...]


def connect(runtime_url: str) -> Connection:
    """The function app's own way to the database."""
    return Connection.connect(runtime_url, row_factory=dict_row, connect_timeout=5, autocommit=True)


def read_apps(connection: Connection, seats: Mapping[str, int]) -> tuple[AppFigures, ...]:
    """One row for each app of `seats`, which maps it to the seats that its policy grants."""
    values = {"apps": list(seats), "latest": LATEST}
    claims = {"kuduso_role": "platform", "apps": list(seats)}
    with connection.transaction():
        connection.execute(_SCOPE, (json.dumps(claims),))
        jobs = connection.execute(_JOBS, values).fetchall()
        in_use = {row["app_id"]: row["in_use"] for row in connection.execute(_SEATS, values)}
        latency = {row["app_id"]: row for row in connection.execute(_LATENCY, values)}
    return tuple(
        _app(app_id, of, [row for row in jobs if row["app_id"] == app_id], in_use, latency)
        for app_id, of in seats.items()
    )


def _app(
    app_id: str,
    seats: int,
    jobs: list[DictRow],
    in_use: Mapping[str, int],
    latency: Mapping[str, DictRow],
) -> AppFigures:
    counts = Counter({row["status"]: row["jobs"] for row in jobs})
    waiting = [row["oldest_waiting_s"] for row in jobs if row["oldest_waiting_s"] is not None]
    took = latency.get(app_id, {})
    return AppFigures(
        app_id=app_id,
        jobs={status: counts[status] for status in STATUSES},
        seats_in_use=in_use.get(app_id, 0),
        seats=seats,
        oldest_waiting_s=max(waiting, default=None),
        p50_ms=took.get("p50_ms"),
        p95_ms=took.get("p95_ms"),
        sample=took.get("sample", 0),
    )
