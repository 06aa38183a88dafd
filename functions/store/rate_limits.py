"""Rates of submissions: one row for each tenant, app and lane, by the clock of PostgreSQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from functions.domain.rate import Quota, Rate, RateLimitedError, refused
from functions.store.statements import load
from functions.store.tenant import Connection

_SQL = load("rate_limits.sql")

Lane = Literal["batch", "preview"]


@dataclass(frozen=True, slots=True)
class Spending:
    """Units that a tenant wants to take from its quota of an app's lane."""

    tenant_id: UUID
    app_id: str
    lane: Lane
    quota: Quota
    units: int

    def values(self) -> dict[str, object]:
        """Parameters of the statements."""
        return {
            "tenant_id": self.tenant_id,
            "app_id": self.app_id,
            "lane": self.lane,
            "cost": timedelta(seconds=self.quota.cost_s(self.units)),
            "bar": timedelta(seconds=self.quota.bar_s(self.units)),
        }


async def spend(connection: Connection, wanted: Spending) -> Rate | None:
    """Take the units; None: they do not fit now, and none of them was taken.

    Commit soon: the row stays locked until then, and the tenant's other submissions wait for it.
    """
    row = await (await connection.execute(_SQL["spend"], wanted.values())).fetchone()
    return None if row is None else Rate(wanted.quota, row["debt_s"])


async def refusal(connection: Connection, wanted: Spending) -> RateLimitedError:
    """Says when the units will fit."""
    row = await (await connection.execute(_SQL["debt"], wanted.values())).fetchone()
    debt_s = 0.0 if row is None else row["debt_s"]
    return RateLimitedError(refused(wanted.quota, debt_s, wanted.units))


async def forget_idle(
    connection: Connection, app_ids: Iterable[str], idle: timedelta, limit: int
) -> int:
    """Delete rates that have been whole for so long; the number of them."""
    values = {"app_ids": list(app_ids), "idle": idle, "limit": limit}
    return (await connection.execute(_SQL["forget"], values)).rowcount
