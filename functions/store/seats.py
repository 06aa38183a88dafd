"""Seats: slots of licensed solve capacity, one row a running job or preview, fair between tenants.

A seat is taken together with the job and given back in the transaction that ends the run; one
whose holder died stops counting when its lease expires. Claims of one app come one after the
other (an advisory lock of the transaction), so the sum of weights never exceeds the policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from contracts.model import ContractRef
from contracts.wire.message import JobMessage
from functions.domain.job import Run
from functions.store.statements import load
from functions.store.tenant import Connection, Row

LANE = "batch"
_SQL = load("seats.sql")


@dataclass(frozen=True, slots=True)
class Capacity:
    """What an app's policy and contracts say about its seats.

    `weights` maps `definition@version` to the seats that one solve takes.
    """

    app_id: str
    seats: int
    max_attempts: int
    weights: Mapping[str, int]


async def claim_next(
    connection: Connection,
    capacity: Capacity,
    *,
    now: datetime,
    lease_expires_at: datetime,
    rung: JobMessage | None = None,
) -> Run | None:
    """Take a seat and the job that is next; None: nothing is due, or no seat is free.

    Next is the oldest due job of the tenant that holds the fewest seats, so no tenant can starve
    another. `rung` is the doorbell that came: the attempt that it asks for counts as due, whatever
    the clocks say. Seats whose leases have expired are taken back.
    The transaction must be the platform's, because it compares tenants.
    """
    app = {"app_id": capacity.app_id, "lane": LANE, "now": now}
    cursor = await connection.execute(
        _SQL["claim_next"],
        {
            **app,
            "seats": capacity.seats,
            "max_attempts": capacity.max_attempts,
            "weights": Jsonb(dict(capacity.weights)),
            "rung": rung and rung.job_id,
            "rung_attempt": rung and rung.attempt,
            "lease_expires_at": lease_expires_at,
        },
    )
    row = await cursor.fetchone()
    return None if row is None else read_run(row)


async def renew_seat(connection: Connection, run: Run, expires_at: datetime) -> bool:
    """Hold the seat as long as the job's lease; False when it was taken back."""
    values = {"id": run.job_id, "lease_token": run.lease_token, "expires_at": expires_at}
    cursor = await connection.execute(_SQL["renew"], values)
    return cursor.rowcount == 1


async def count_in_use(connection: Connection, app_id: str, lane: str, now: datetime) -> int:
    """The weights of the app's live seats of one lane."""
    values = {"app_id": app_id, "lane": lane, "now": now}
    cursor = await connection.execute(_SQL["in_use"], values)
    row = await cursor.fetchone()
    return 0 if row is None else row["in_use"]


async def list_waiting(
    connection: Connection, capacity: Capacity, now: datetime, before: datetime
) -> list[JobMessage]:
    """Doorbells of jobs that have been due since `before`: at most one for each free seat."""
    cursor = await connection.execute(
        _SQL["waiting"],
        {
            "app_id": capacity.app_id,
            "lane": LANE,
            "seats": capacity.seats,
            "now": now,
            "before": before,
        },
    )
    return [JobMessage.model_validate(row) for row in await cursor.fetchall()]


def read_run(row: Row) -> Run:
    """A claimed row."""
    return Run(
        job_id=row["id"],
        tenant_id=row["tenant_id"],
        app_id=row["app_id"],
        ref=ContractRef(row["definition"], row["version"]),
        inputs=row["payload_json"],
        attempt=row["attempts"],
        lease_token=row["lease_token"],
        correlation_id=row["correlation_id"],
        traceparent=row["traceparent"] or "",
        created_at=row["created_at"],
        waited_ms=row.get("waited_ms", 0.0),
    )
