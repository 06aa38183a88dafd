"""Schemas of webhook endpoints and their deliveries."""

from typing import get_args

from contracts.model import JsonObject
from contracts.wire.webhook import (
    CALLBACK_URL,
    EVENT_TYPES,
    WEBHOOK_CHANGE_SCHEMA,
    WEBHOOK_SCHEMA,
)
from functions.domain.webhook import DeliveryStatus

_TEXT: JsonObject = {"type": "string"}
_TEXT_OR_NULL: JsonObject = {"type": ["string", "null"]}
_COUNT: JsonObject = {"type": "integer", "minimum": 0}
_ID: JsonObject = {"type": "string", "format": "uuid"}
_AT: JsonObject = {"type": "string", "format": "date-time"}
_AT_OR_NULL: JsonObject = {"type": ["string", "null"], "format": "date-time"}
_LINKS: JsonObject = {"type": "object", "additionalProperties": _TEXT}
_EVENT_TYPE: JsonObject = {"enum": [*EVENT_TYPES]}

_WEBHOOK: JsonObject = {
    "id": _ID,
    "app_id": _TEXT,
    "url": {**CALLBACK_URL, "type": ["string", "null"]},
    "event_types": {"type": "array", "items": _EVENT_TYPE},
    "enabled": {"type": "boolean"},
    "disabled_reason": _TEXT_OR_NULL,
    "created_at": _AT,
    "previous_secret_expires_at": _AT_OR_NULL,
    "links": _LINKS,
}
_SECRET: JsonObject = {
    "type": "string",
    "pattern": "^whsec_[A-Za-z0-9+/]+=*$",
    "description": "Checks signatures (Standard Webhooks, v1). It is shown this once.",
}
_DELIVERY: JsonObject = {
    "id": _ID,
    "webhook_id": _ID,
    "job_id": _ID,
    "callback_url": _TEXT_OR_NULL,
    "event_type": _EVENT_TYPE,
    "status": {"enum": [*get_args(DeliveryStatus)]},
    "attempts": _COUNT,
    "next_attempt_at": _AT_OR_NULL,
    "last_status_code": {"type": ["integer", "null"]},
    "last_error": _TEXT_OR_NULL,
    "created_at": _AT,
    "delivered_at": _AT_OR_NULL,
    "body": {"type": "object", "description": "The CloudEvents document that is sent."},
    "links": _LINKS,
}


def _every(properties: JsonObject) -> JsonObject:
    return {"type": "object", "required": [*properties], "properties": properties}


def _page(name: str, properties: JsonObject) -> JsonObject:
    return _every({name: {"type": "array", "items": _every(properties)}})


WEBHOOK_SCHEMAS: JsonObject = {
    "NewWebhook": WEBHOOK_SCHEMA,
    "WebhookChange": WEBHOOK_CHANGE_SCHEMA,
    "Webhook": _every(_WEBHOOK),
    "WebhookWithSecret": _every({**_WEBHOOK, "secret": _SECRET}),
    "WebhookList": _page("webhooks", _WEBHOOK),
    "WebhookDelivery": _every(_DELIVERY),
    "WebhookDeliveryList": {
        "allOf": [_page("deliveries", _DELIVERY), _every({"next": _TEXT_OR_NULL})]
    },
}
