"""Rates of submissions: one row for each tenant, app and lane, by the clock of PostgreSQL."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal
from uuid import UUID

from functions.domain.rate import Quota, Rate, RateLimitedError, refused
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("rate_limits.sql")

Lane = Literal["batch", "preview"]


async def spend(
    connection: Connection, tenant_id: UUID, app_id: str, lane: Lane, quota: Quota, units: int
) -> Rate:
    """Take units from a tenant's quota, or none of them.

    Commit soon: the row stays locked until then, and the tenant's other submissions wait for it.

    Raises:
        RateLimitedError: they do not fit now.
    """
    values = {
        "tenant_id": tenant_id,
        "app_id": app_id,
        "lane": lane,
        "cost": timedelta(seconds=quota.cost_s(units)),
        "bar": timedelta(seconds=quota.bar_s(units)),
    }
    cursor = await connection.execute(_SQL["spend"], values)
    row = await cursor.fetchone()
    if row is not None:
        return Rate(quota, row["debt_s"])
    cursor = await connection.execute(_SQL["debt"], values)
    row = await cursor.fetchone()
    raise RateLimitedError(refused(quota, 0.0 if row is None else row["debt_s"], units))


async def forget_idle(
    connection: Connection, app_ids: Iterable[str], idle: timedelta, limit: int
) -> int:
    """Delete rates that have been whole for so long; the number of them."""
    values = {"app_ids": list(app_ids), "idle": idle, "limit": limit}
    return (await connection.execute(_SQL["forget"], values)).rowcount
