"""Service Bus: one function for each app's dead-letter queue."""

from collections.abc import Mapping

import azure.functions as func
import structlog

from functions.services import Services
from functions.use_cases.drain_dead_message import DeadMessage, drain_dead_message

DEAD_LETTER_QUEUE = "$DeadLetterQueue"


def build(services: Services) -> func.Blueprint:
    """Functions `drain_dead_letters_<app_id>`; returning takes the message off the queue."""
    blueprint = func.Blueprint()
    for app_id in services.app_ids:
        _register(blueprint, services, app_id)
    return blueprint


def _register(blueprint: func.Blueprint, services: Services, app_id: str) -> None:
    async def drain(message: func.ServiceBusMessage) -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(app_id=app_id)
        await drain_dead_message(services, _dead_message(app_id, message))

    trigger = blueprint.service_bus_queue_trigger(
        arg_name="message",
        queue_name=f"jobs-{app_id}/{DEAD_LETTER_QUEUE}",
        connection="SERVICEBUS_CONNECTION",
    )
    blueprint.function_name(f"drain_dead_letters_{app_id}")(trigger(drain))


def _dead_message(app_id: str, message: func.ServiceBusMessage) -> DeadMessage:
    # The worker's own dead_letter_reason is always None: the extension sends no such key.
    properties: Mapping[str, object] = message.application_properties
    reason = properties.get("DeadLetterReason")
    return DeadMessage(
        app_id=app_id,
        place=f"{message.sequence_number}/{message.enqueued_time_utc}/{message.message_id}",
        body=message.get_body(),
        reason=str(reason or "unspecified"),
        description=str(properties.get("DeadLetterErrorDescription") or ""),
        deliveries=message.delivery_count or 0,
    )
