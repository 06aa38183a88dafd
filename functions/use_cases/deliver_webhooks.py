"""Send the webhooks that are due."""

import asyncio
import json
from datetime import timedelta

import structlog

from functions.domain.errors import FaultError
from functions.domain.webhook import DeliveryStatus, DueDelivery
from functions.domain.webhook_schedule import Reply, conclude_attempt
from functions.domain.webhook_signature import signature_headers
from functions.services import Services
from functions.store.webhook_deliveries import (
    Claim,
    claim_due,
    give_up_pending,
    record_attempt,
)
from functions.store.webhooks import disable_endpoint

PAGE = 48
# An attempt takes at most 15 s; what a dead sender held is due again after this.
LEASE = timedelta(seconds=60)
GO_ON_FOR = timedelta(seconds=30)
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"
EVENTS: dict[DeliveryStatus, str] = {
    "delivered": "webhook_delivered",
    "pending": "webhook_deferred",
    "failed": "webhook_given_up",
}
GONE = "The receiver answered with status 410."
log = structlog.stdlib.get_logger("kuduso")


async def deliver_webhooks(services: Services) -> int:
    """Claim a page, send it, record it; on to the next until nothing is due or time is up.

    Nothing is held across a request: a lease keeps other senders away. A crash between request and
    record sends twice; the receiver knows the second by its `webhook-id`.

    Returns:
        How many attempts were made.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    started_at = services.clock.now()
    attempts = 0
    while services.clock.now() - started_at < GO_ON_FOR:
        now = services.clock.now()
        async with services.database.platform(services.app_ids) as connection:
            due = await claim_due(connection, services.app_ids, Claim(now, now + LEASE, PAGE))
        if not due:
            break
        await asyncio.gather(*(_deliver(services, delivery) for delivery in due))
        attempts += len(due)
    return attempts


async def _deliver(services: Services, due: DueDelivery) -> None:
    # Each delivery of a page is a task with a context of its own.
    structlog.contextvars.bind_contextvars(
        app_id=due.app_id,
        tenant_id=str(due.tenant_id),
        job_id=str(due.job_id),
        correlation_id=due.correlation_id,
        delivery_id=str(due.id),
    )
    now = services.clock.now()
    # One form for every attempt: the row keeps the document, not its text.
    body = json.dumps(due.body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    headers = {
        "content-type": MEDIA_TYPE,
        **signature_headers(str(due.id), now, body, due.secrets),
    }
    traceparent = due.body.get("traceparent")
    if isinstance(traceparent, str):
        headers["traceparent"] = traceparent
    reply = await services.webhook_sender.send(due.url, headers, body, now)
    try:
        await _record(services, due, reply)
    except FaultError as error:
        log.warning("webhook_unrecorded", detail=error.detail)


async def _record(services: Services, due: DueDelivery, reply: Reply) -> None:
    now, jitter = services.clock.now(), services.clock.jitter()
    record = conclude_attempt(reply, due.attempts, now, jitter)
    async with services.database.tenant(due.tenant_id, [due.app_id]) as connection:
        # One callback that is gone says nothing of the others. The endpoint comes first: senders
        # that hear the same at once take turns there, none waits for another's delivery.
        is_gone = reply.is_gone and not due.is_callback
        if is_gone:
            await disable_endpoint(connection, due.endpoint_id, GONE)
        is_recorded = await record_attempt(connection, due, record)
        if is_gone:
            await give_up_pending(connection, due.endpoint_id, GONE)
    log.info(
        EVENTS[record.status] if is_recorded else "webhook_fenced_off",
        endpoint_id=str(due.endpoint_id),
        attempt=due.attempts,
        status=reply.status_code,
        detail=record.error,
    )
