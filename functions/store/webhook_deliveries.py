"""Deliveries: written by a trigger where a job ends, sent under a lease, kept as a log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from functions.domain.webhook import Delivery, DeliveryRecord, DueDelivery
from functions.store.statements import load
from functions.store.tenant import Connection, Row

PER_ENDPOINT = 4
_SQL = load("webhook_deliveries.sql")


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sender takes at once: at most `limit`, and PER_ENDPOINT of each endpoint."""

    now: datetime
    lease_expires_at: datetime
    limit: int


async def claim_due(
    connection: Connection, app_ids: Iterable[str], claim: Claim
) -> list[DueDelivery]:
    """Take due deliveries, oldest first; nobody else gets them before the lease expires.

    The lease is the instant of the next attempt: a sender that dies makes them due again.
    """
    cursor = await connection.execute(
        _SQL["claim_due"],
        {
            "app_ids": list(app_ids),
            "now": claim.now,
            "lease_expires_at": claim.lease_expires_at,
            "limit": claim.limit,
            "per_endpoint": PER_ENDPOINT,
        },
    )
    return [_due(row) for row in await cursor.fetchall()]


async def record_attempt(connection: Connection, due: DueDelivery, record: DeliveryRecord) -> bool:
    """Write what the attempt came to; False when somebody else holds the delivery by now."""
    cursor = await connection.execute(
        _SQL["record"],
        {
            "id": due.id,
            "lease_token": due.lease_token,
            "status": record.status,
            "status_code": record.status_code,
            "error": record.error,
            "next_attempt_at": record.next_attempt_at,
            "delivered_at": record.delivered_at,
        },
    )
    return cursor.rowcount == 1


async def give_up_pending(connection: Connection, endpoint_id: UUID, reason: str) -> int:
    """End what an endpoint was still to get; the number of deliveries."""
    values = {"endpoint_id": endpoint_id, "reason": reason}
    return (await connection.execute(_SQL["give_up"], values)).rowcount


async def list_deliveries(
    connection: Connection, endpoint_id: UUID, before: UUID | None, limit: int
) -> list[Delivery]:
    """One page of an endpoint's log, newest first, beginning after the delivery `before`."""
    values = {"endpoint_id": endpoint_id, "before": before, "limit": limit}
    cursor = await connection.execute(_SQL["list"], values)
    return [Delivery(**row) for row in await cursor.fetchall()]


async def get_delivery(
    connection: Connection, app_id: str, delivery_id: UUID
) -> tuple[Delivery, bool] | None:
    """A delivery of the transaction's tenant, and whether its endpoint is enabled."""
    cursor = await connection.execute(_SQL["get"], {"id": delivery_id, "app_id": app_id})
    row = await cursor.fetchone()
    if row is None:
        return None
    is_enabled: bool = row.pop("is_enabled")
    return Delivery(**row), is_enabled


async def redeliver(connection: Connection, app_id: str, delivery_id: UUID, now: datetime) -> None:
    """Make an ended delivery due again, with its whole schedule; a pending one stays as it is."""
    values = {"id": delivery_id, "app_id": app_id, "now": now}
    await connection.execute(_SQL["redeliver"], values)


async def forget_deliveries(
    connection: Connection, app_ids: Iterable[str], before: datetime, limit: int
) -> int:
    """Delete ended deliveries older than `before`; the number of them."""
    values = {"app_ids": list(app_ids), "before": before, "limit": limit}
    return (await connection.execute(_SQL["forget"], values)).rowcount


def _due(row: Row) -> DueDelivery:
    secrets = [secret for secret in (row.pop("secret"), row.pop("previous_secret")) if secret]
    return DueDelivery(**row, secrets=secrets)
