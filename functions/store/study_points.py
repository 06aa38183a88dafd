"""Rows of a study's points; whoever writes here holds the study's row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from psycopg.types.json import Jsonb

from contracts.model import JsonObject
from functions.domain.study import PointStatus, Study, StudyPoint
from functions.domain.study_ranking import Goal
from functions.domain.study_space import Point
from functions.store.statements import load
from functions.store.tenant import Connection, Row

_SQL = load("study_points.sql")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many points are how far; `reused` ones have taken no seat."""

    by_status: dict[str, int]
    reused: int


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of a pending point: a job, or the reason why there is none."""

    point: int
    job_id: UUID | None = None
    is_reused: bool = False
    error: JsonObject | None = None

    def to_json(self) -> JsonObject:
        """As PostgreSQL reads it."""
        return {
            "point": self.point,
            "job_id": None if self.job_id is None else str(self.job_id),
            "is_reused": self.is_reused,
            "error": self.error,
        }


async def collect(connection: Connection, study: Study) -> int:
    """Take over how jobs have ended, with the objectives' values; the number of points."""
    halted = None
    if study.is_stopping:
        halted = "cancelled" if study.cancel_requested_at is not None else "skipped"
    ways = Jsonb([objective["keys"] for objective in study.objectives])
    values = {"id": study.id, "halted": halted, "ways": ways}
    return (await connection.execute(_SQL["collect"], values)).rowcount


async def count(connection: Connection, study_id: UUID) -> dict[PointStatus, int]:
    """The number of points in each state."""
    cursor = await connection.execute(_SQL["count"], {"id": study_id})
    return {row["status"]: row["points"] for row in await cursor.fetchall()}


async def tally(connection: Connection, study_id: UUID) -> Tally:
    """The same as a client sees it: submitted points are as far as their jobs."""
    cursor = await connection.execute(_SQL["tally"], {"id": study_id})
    rows = await cursor.fetchall()
    by_status = {row["status"]: row["points"] for row in rows}
    return Tally(by_status, sum(row["reused"] for row in rows))


async def is_reached(
    connection: Connection, study_id: UUID, place: int, goal: Goal, value: float
) -> bool:
    """Whether some point's objective is as good as a value."""
    values = {"id": study_id, "place": place + 1, "sign": _sign(goal), "value": value}
    row = await (await connection.execute(_SQL["reached"], values)).fetchone()
    return row is not None and row["is_reached"]


async def best(connection: Connection, study_id: UUID, place: int, goal: Goal) -> StudyPoint | None:
    """The point that is best by one objective so far."""
    values = {"id": study_id, "place": place + 1, "sign": _sign(goal)}
    row = await (await connection.execute(_SQL["best"], values)).fetchone()
    return None if row is None else _read(row)


async def list_pending(
    connection: Connection, study_id: UUID, limit: int
) -> list[tuple[int, Point]]:
    """The next points to submit, in their order."""
    cursor = await connection.execute(_SQL["next_pending"], {"id": study_id, "limit": limit})
    return [(row["point"], tuple(row["parameters"])) for row in await cursor.fetchall()]


async def still_pending(connection: Connection, study_id: UUID, points: Sequence[int]) -> list[int]:
    """Those of the points that nobody has submitted meanwhile."""
    values = {"id": study_id, "points": list(points)}
    cursor = await connection.execute(_SQL["still_pending"], values)
    return [row["point"] for row in await cursor.fetchall()]


async def submit(connection: Connection, study_id: UUID, submissions: Sequence[Submission]) -> None:
    """Bind pending points to their jobs; a point that is not pending keeps the job it has."""
    rows = Jsonb([submission.to_json() for submission in submissions])
    await connection.execute(_SQL["submit"], {"id": study_id, "rows": rows})


async def halt(
    connection: Connection, study_id: UUID, status: Literal["cancelled", "skipped"]
) -> int:
    """End every point that has not begun, or that waits for a job which is others' to end."""
    values = {"id": study_id, "status": status}
    return (await connection.execute(_SQL["halt"], values)).rowcount


async def list_own_jobs(
    connection: Connection, study_id: UUID
) -> list[tuple[UUID, Literal["queued", "running"]]]:
    """Unfinished jobs that the study made and nobody else's study waits for."""
    cursor = await connection.execute(_SQL["own_jobs"], {"id": study_id})
    return [(row["id"], row["status"]) for row in await cursor.fetchall()]


async def reopen_failed(connection: Connection, study_id: UUID) -> int:
    """Make failed points pending again, and no others."""
    return (await connection.execute(_SQL["reopen_failed"], {"id": study_id})).rowcount


async def list_points(connection: Connection, study_id: UUID) -> list[StudyPoint]:
    """Every point, without outputs."""
    cursor = await connection.execute(_SQL["table"], {"id": study_id})
    return [_read(row) for row in await cursor.fetchall()]


async def get_outputs(
    connection: Connection, study_id: UUID, points: Sequence[int]
) -> dict[int, JsonObject]:
    """Outputs by point, where there are any."""
    values = {"id": study_id, "points": list(points)}
    cursor = await connection.execute(_SQL["outputs"], values)
    return {row["point"]: row["outputs_json"] for row in await cursor.fetchall()}


def _read(row: Row) -> StudyPoint:
    row["parameters"] = tuple(row["parameters"])
    return StudyPoint(**row)


def _sign(goal: Goal) -> int:
    return 1 if goal == "max" else -1
