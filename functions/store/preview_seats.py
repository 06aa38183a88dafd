"""Seats of the preview lane: rows with a short lease that belong to no job.

Nobody queues: there is a seat now or there is none. Who was refused keeps his turn for as long as
he was told to wait, so that a tenant that asks all the time leaves something to the others.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from functions.store.statements import load
from functions.store.tenant import Connection

LANE = "preview"
_SQL = load("preview_seats.sql")
_SEATS = load("seats.sql")


@dataclass(frozen=True, slots=True)
class SeatRequest:
    """One seat that is asked for; `id` names it, whoever learns of the outcome.

    `weight` of `seats` are taken for at most `lease`; a refused tenant has a turn for `turn`.
    """

    id: UUID
    tenant_id: UUID
    app_id: str
    weight: int
    seats: int
    lease: timedelta
    turn: timedelta


async def take_seat(connection: Connection, wanted: SeatRequest) -> bool:
    """Take a seat; False: none is free, or those that are free are other tenants' turns.

    Turns are for who holds the fewest seats, then for who was refused first. Seats whose leases
    have expired are taken back. The transaction must be the platform's, because it compares
    tenants; requests of one app come one after the other, so the policy is never exceeded.
    """
    await connection.execute(_SEATS["lock"], {"app_id": wanted.app_id, "lane": LANE})
    cursor = await connection.execute(
        _SQL["take"],
        {
            "id": wanted.id,
            "tenant_id": wanted.tenant_id,
            "app_id": wanted.app_id,
            "weight": wanted.weight,
            "seats": wanted.seats,
            "lease": wanted.lease,
            "turn": wanted.turn,
        },
    )
    row = await cursor.fetchone()
    return row is not None and row["is_taken"]


async def give_back(connection: Connection, seat_id: UUID) -> None:
    """Free a seat of the transaction's tenant; one that is gone already stays so."""
    await connection.execute(_SQL["give_back"], {"id": seat_id})
