"""Webhooks: who wants to hear of ended jobs, and what was sent to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from contracts.model import JsonObject

MAX_ENDPOINTS = 10
OVERLAP = timedelta(hours=24)

DeliveryStatus = Literal["pending", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of `webhook_endpoint`; without a `url` it signs the callbacks of single jobs.

    `secret` is None but where the endpoint was just made or its secret rotated: shown once.
    """

    id: UUID
    app_id: str
    url: str | None
    event_types: Sequence[str]
    is_enabled: bool
    disabled_reason: str | None
    created_at: datetime
    previous_secret_expires_at: datetime | None
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of `webhook_delivery`; its id is the `webhook-id` of every attempt."""

    id: UUID
    endpoint_id: UUID
    job_id: UUID
    callback_url: str | None
    event_type: str
    body: JsonObject
    status: DeliveryStatus
    attempts: int
    next_attempt_at: datetime | None
    last_status_code: int | None
    last_error: str | None
    created_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """A delivery held by a lease; `attempts` counts this one."""

    id: UUID
    tenant_id: UUID
    app_id: str
    job_id: UUID
    correlation_id: str
    endpoint_id: UUID
    url: str
    is_callback: bool
    body: JsonObject
    attempts: int
    lease_token: int
    secrets: Sequence[str]


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """What an attempt came to; `next_attempt_at` is set while it is pending."""

    status: DeliveryStatus
    status_code: int | None = None
    error: str | None = None
    next_attempt_at: datetime | None = None
    delivered_at: datetime | None = None
