"""What is known of solves that nobody waits for: one row for the present attempt of a long job."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from contracts.model import JsonObject
from functions.domain.job import Run
from functions.domain.long_run import LongRun, LongRunState, SolveEnd
from functions.store.seats import read_run
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("long_runs.sql")


@dataclass(frozen=True, slots=True)
class Report:
    """One report of the AppServer; an older `sequence` than the last one changes no progress."""

    solve_id: str
    sequence: int
    progress: JsonObject | None = None
    end: SolveEnd | None = None


async def read_state(connection: Connection, run: LongRun) -> LongRunState | None:
    """The job and its present attempt; None when the job was erased."""
    cursor = await connection.execute(_SQL["read"], _key(run))
    row = await cursor.fetchone()
    if row is None:
        return None
    return LongRunState(
        is_running=row["is_running"],
        has_result=row["has_result"],
        lease_token=row["lease_token"],
        lease_expires_at=row["lease_expires_at"],
        is_cancelled=row["is_cancelled"],
        solve_id=row["solve_id"],
        deadline_at=row["deadline_at"],
        progress=row["progress"],
        end=SolveEnd(row["problem"]) if row["has_ended"] else None,
    )


async def list_unled(
    connection: Connection, app_ids: Iterable[str], now: datetime, limit: int
) -> list[LongRun]:
    """Runs whose lease is over although their solve was begun, longest first."""
    values = {"app_ids": list(app_ids), "now": now, "limit": limit}
    cursor = await connection.execute(_SQL["unled"], values)
    return [LongRun(**row) for row in await cursor.fetchall()]


async def read_held_run(connection: Connection, run: LongRun) -> Run | None:
    """The run with its inputs, while it holds its job."""
    cursor = await connection.execute(_SQL["held_run"], _key(run))
    row = await cursor.fetchone()
    return None if row is None else read_run(row)


async def open_long_run(connection: Connection, run: LongRun, deadline_at: datetime) -> None:
    """Write that a solve is being asked for; a second time changes nothing."""
    values = {"tenant_id": run.tenant_id, "app_id": run.app_id, "deadline_at": deadline_at}
    await connection.execute(_SQL["open"], {**_key(run), **values})


async def note_accepted(connection: Connection, run: LongRun, solve_id: str) -> None:
    """Write under which id the AppServer has the solve."""
    await connection.execute(_SQL["accepted"], {**_key(run), "solve_id": solve_id})


async def take_report(connection: Connection, run: LongRun, report: Report) -> bool | None:
    """Write a report down.

    Returns:
        Whether the tenant wants the job to stop; None when the report comes too late to count.
    """
    problem = None if report.end is None else report.end.problem
    values = {
        "solve_id": report.solve_id,
        "sequence": report.sequence,
        "progress": None if report.progress is None else Jsonb(report.progress),
        "has_ended": report.end is not None,
        "problem": None if problem is None else Jsonb(problem),
    }
    cursor = await connection.execute(_SQL["report"], {**_key(run), **values})
    row = await cursor.fetchone()
    return None if row is None else row["is_cancelled"]


async def forget_long_run(connection: Connection, run: LongRun) -> None:
    """Remove the row of an attempt that is over."""
    await connection.execute(_SQL["forget"], _key(run))


def _key(run: LongRun) -> dict[str, object]:
    return {"job_id": run.job_id, "lease_token": run.lease_token}
