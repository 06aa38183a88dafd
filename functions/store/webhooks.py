"""Webhook endpoints of a tenant, and callbacks of its jobs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from contracts.wire.webhook import EVENT_TYPES, WebhookChange
from functions.domain.webhook import MAX_ENDPOINTS, Endpoint
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("webhooks.sql")


@dataclass(frozen=True, slots=True)
class Callback:
    """A URL that wants to hear of the end of one job."""

    job_id: UUID
    tenant_id: UUID
    app_id: str
    url: str


async def create_endpoint(
    connection: Connection,
    owner: tuple[UUID, str],
    url: str | None,
    event_types: Sequence[str],
    now: datetime,
) -> Endpoint | None:
    """A fresh endpoint with its secret; None when there are too many, or one for callbacks."""
    values = {"url": url, "event_types": list(event_types), "limit": MAX_ENDPOINTS, "now": now}
    tenant_id, app_id = owner
    return await _one(connection, "create", tenant_id=tenant_id, app_id=app_id, **values)


async def list_endpoints(connection: Connection, app_id: str) -> list[Endpoint]:
    """All of the transaction's tenant, oldest first; at most MAX_ENDPOINTS."""
    cursor = await connection.execute(_SQL["list"], {"app_id": app_id, "id": None})
    return [Endpoint(**row) for row in await cursor.fetchall()]


async def get_endpoint(connection: Connection, app_id: str, endpoint_id: UUID) -> Endpoint | None:
    """One endpoint of the transaction's tenant."""
    return await _one(connection, "list", app_id=app_id, id=endpoint_id)


async def change_endpoint(
    connection: Connection, app_id: str, endpoint_id: UUID, change: WebhookChange
) -> Endpoint | None:
    """The endpoint as it is now; None when there is none, or it takes no URL."""
    types = change.event_types
    return await _one(
        connection,
        "change",
        app_id=app_id,
        id=endpoint_id,
        url=change.url,
        event_types=None if types is None else list(types),
        is_enabled=change.is_enabled,
    )


async def delete_endpoint(connection: Connection, app_id: str, endpoint_id: UUID) -> None:
    """Delete an endpoint with its deliveries, if there is one."""
    await connection.execute(_SQL["delete"], {"id": endpoint_id, "app_id": app_id})


async def rotate_secret(
    connection: Connection, app_id: str, endpoint_id: UUID, expires_at: datetime
) -> Endpoint | None:
    """A fresh secret; the one before signs beside it until `expires_at`."""
    return await _one(connection, "rotate", app_id=app_id, id=endpoint_id, expires_at=expires_at)


async def disable_endpoint(connection: Connection, endpoint_id: UUID, reason: str) -> None:
    """Send an endpoint nothing more until its tenant enables it again."""
    await connection.execute(_SQL["disable"], {"id": endpoint_id, "reason": reason})


async def add_callbacks(
    connection: Connection, callbacks: Sequence[Callback], now: datetime
) -> bool:
    """Tell URLs when their jobs end; False when a job has ended by now: it will tell nobody.

    The first callback of a tenant and app makes the endpoint without a URL that signs them.
    """
    kept = 0
    for callback in callbacks:
        values = {**asdict(callback), "event_types": list(EVENT_TYPES), "now": now}
        kept += (await connection.execute(_SQL["add_callback"], values)).rowcount
    return kept == len(callbacks)


async def _one(connection: Connection, name: str, **values: object) -> Endpoint | None:
    row = await (await connection.execute(_SQL[name], values)).fetchone()
    return None if row is None else Endpoint(**row)
