"""Parameters of `/openapi.json`: query, headers, and what stands in a path."""

from contracts.model import APP_ID_PATTERN, JsonObject
from functions.domain.job_filter import STATUSES
from functions.domain.page_limit import DEFAULT_LIMIT, MAX_LIMIT
from functions.domain.preferences import MAX_WAIT_S

_TEXT: JsonObject = {"type": "string"}
_AT: JsonObject = {"type": "string", "format": "date-time"}
_ID: JsonObject = {"type": "string", "format": "uuid"}


def _query(name: str, description: str, schema: JsonObject) -> JsonObject:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _header(name: str, description: str) -> JsonObject:
    return {"name": name, "in": "header", "description": description, "schema": _TEXT}


def _path(name: str, description: str, schema: JsonObject) -> JsonObject:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }


PATH_PARAMETERS: dict[str, JsonObject] = {
    "job_id": _path("job_id", "The job.", _ID),
    "layout_id": _path("layout_id", "The layout: its job.", _ID),
    "letter_id": _path("letter_id", "The dead letter.", _ID),
    "study_id": _path("study_id", "The study.", _ID),
    "webhook_id": _path("webhook_id", "The webhook endpoint.", _ID),
    "delivery_id": _path("delivery_id", "The delivery: its `webhook-id`.", _ID),
    "app_id": _path("app_id", "The app.", {"type": "string", "pattern": APP_ID_PATTERN}),
    "version": _path("version", "MAJOR.MINOR.PATCH or `stable`.", _TEXT),
}

PARAMETERS: dict[str, JsonObject] = {
    "dry_run": _query("dry_run", "Only validate; nothing is written.", {"type": "boolean"}),
    "wait": _query(
        "wait",
        "Seconds to wait for a change of the job's state.",
        {"type": "integer", "minimum": 0, "maximum": MAX_WAIT_S},
    ),
    "prefer": _header(
        "Prefer", f"RFC 7240: `wait=n` (seconds, at most {MAX_WAIT_S}), `respond-async`."
    ),
    "idempotency_key": _header(
        "Idempotency-Key",
        "The same key with the same body replays the answer for 24 hours.",
    ),
    "cache_control": _header("Cache-Control", "`no-cache` makes a job of its own in any case."),
    "if_none_match": _header("If-None-Match", "The entity tag of the state that is known."),
    "correlation_id": _header("x-correlation-id", "Is stored, logged and echoed."),
    "traceparent": _header("traceparent", "W3C trace context; continued if it is valid."),
    "status": _query("status", f"Some of {', '.join(STATUSES)}, with commas.", _TEXT),
    "definition": _query("definition", "Name of the definition.", _TEXT),
    "version": _query("version", "Version of the contract.", _TEXT),
    "created_after": _query("created_after", "RFC 3339; later than this.", _AT),
    "created_before": _query("created_before", "RFC 3339; earlier than this.", _AT),
    "label": _query("label", "A label as `key:value`.", _TEXT),
    "limit": _query(
        "limit",
        "Length of a page.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    ),
    "cursor": _query("cursor", "Where the page begins; from the link of the one before.", _TEXT),
    "format": _query("format", "Instead of `Accept`.", {"enum": ["json", "csv"]}),
    "order": _query("order", "Of the rows.", {"enum": ["point", "rank"], "default": "point"}),
    "offset": _query("offset", "The place of the first row.", {"type": "integer", "minimum": 0}),
    "rows": _query(
        "limit",
        "Rows of a page.",
        {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
    ),
    "since": _query("since", "Only events after this number.", {"type": "integer", "minimum": 0}),
    "reason": _query("reason", "Why it was given up.", _TEXT),
    "fingerprint": _query("fingerprint", "Of the failure; alike ones share it.", _TEXT),
    "code": _query("code", "Code of the error.", _TEXT),
    "group": _query("group", "One entry for each fingerprint.", {"enum": ["fingerprint"]}),
}
