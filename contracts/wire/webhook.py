"""Bodies of webhook endpoints: what a tenant registers, and what it changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from pydantic import JsonValue

from contracts.model import JsonObject
from contracts.validation import SchemaChecker

# The trigger of revision 0004 makes them of the job's last event, such as job_succeeded.
EVENT_TYPES = ("job.succeeded", "job.failed", "job.cancelled", "job.expired")
CALLBACK_URL: JsonObject = {
    "type": "string",
    "minLength": 1,
    "maxLength": 2048,
    "description": "An HTTPS address on the public internet, on port 443 or 8443.",
}
_EVENT_TYPES: JsonObject = {
    "type": "array",
    "minItems": 1,
    "uniqueItems": True,
    "items": {"enum": [*EVENT_TYPES]},
}
WEBHOOK_SCHEMA: JsonObject = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "url": CALLBACK_URL,
        "event_types": {**_EVENT_TYPES, "default": [*EVENT_TYPES]},
    },
    "description": "Without a URL: what signs the callbacks that single jobs name.",
}
WEBHOOK_CHANGE_SCHEMA: JsonObject = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "url": CALLBACK_URL,
        "event_types": _EVENT_TYPES,
        "enabled": {"type": "boolean"},
    },
}


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """Members that were sent; None: left as they are."""

    url: str | None
    event_types: Sequence[str] | None
    is_enabled: bool | None = None


def read_webhook(document: JsonValue) -> WebhookChange:
    """What a fresh endpoint shall be; the event types are all of them if none are named.

    Raises:
        ContractViolationError: naming each member that is wrong or unknown.
    """
    return _read(_webhook().complete(document))


def read_webhook_change(document: JsonValue) -> WebhookChange:
    """What shall be otherwise.

    Raises:
        ContractViolationError: naming each member that is wrong or unknown.
    """
    return _read(_change().complete(document))


def _read(body: JsonObject) -> WebhookChange:
    return WebhookChange(
        url=cast("str | None", body.get("url")),
        event_types=cast("Sequence[str] | None", body.get("event_types")),
        is_enabled=cast("bool | None", body.get("enabled")),
    )


@cache
def _webhook() -> SchemaChecker:
    return SchemaChecker(WEBHOOK_SCHEMA)


@cache
def _change() -> SchemaChecker:
    return SchemaChecker(WEBHOOK_CHANGE_SCHEMA)
