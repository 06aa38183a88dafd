"""Body of a submission: which contract to run, and its inputs; and of a batch of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import cast

from pydantic import JsonValue

from contracts.model import APP_ID_PATTERN, JsonObject
from contracts.validation import SchemaChecker
from contracts.wire.webhook import CALLBACK_URL

MAX_BATCH = 100
MAX_LABELS = 16
NAME: JsonObject = {"type": "string", "pattern": r"^[a-z][a-z0-9-]{1,39}$"}
VERSION: JsonObject = {"type": "string", "pattern": r"^(stable|\d+\.\d+\.\d+)$"}
LABELS: JsonObject = {
    "type": "object",
    "maxProperties": MAX_LABELS,
    "propertyNames": {"pattern": r"^[a-z][a-z0-9_.-]{0,62}$"},
    "additionalProperties": {"type": "string", "maxLength": 128},
    "description": "Notes of the client on the job; lists can be filtered by them.",
}


@dataclass(frozen=True, slots=True)
class Submission:
    """What a client asks for; an omitted definition is the app's own, a version the stable one.

    `inputs_pointer` says where in the body the inputs stood: faults are told from there.
    """

    app_id: str
    definition: str | None
    version: str | None
    inputs: JsonObject
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    callback_url: str | None = None
    inputs_pointer: str = "/inputs"


@dataclass(frozen=True, slots=True)
class Batch:
    """Submissions that are still unread: each has an outcome of its own unless `is_atomic`."""

    submissions: tuple[JsonValue, ...]
    is_atomic: bool


def read_submission(document: JsonValue, app_id: str | None) -> Submission:
    """Check the body of `POST /{app_id}/jobs/run`, or of `POST /jobs/run` when `app_id` is None.

    Raises:
        ContractViolationError: naming each member that is wrong or unknown.
    """
    body = _checker(with_app_id=app_id is None).complete(document)
    return Submission(
        app_id=app_id or str(body["app_id"]),
        definition=_text(body.get("definition")),
        version=_text(body.get("version")),
        inputs=_object(body["inputs"]),
        labels=cast("dict[str, str]", _object(body.get("labels"))),
        callback_url=_text(body.get("callback_url")),
    )


def read_batch(document: JsonValue) -> Batch:
    """Check the body of `POST /{app_id}/jobs/batch`, but for what each of its jobs says.

    Raises:
        ContractViolationError: naming each member that is wrong or unknown.
    """
    body = _batch_checker().complete(document)
    jobs = body["jobs"]
    return Batch(tuple(jobs) if isinstance(jobs, list) else (), body.get("atomic") is True)


@cache
def _checker(*, with_app_id: bool) -> SchemaChecker:
    return SchemaChecker(submission_schema(with_app_id=with_app_id))


@cache
def _batch_checker() -> SchemaChecker:
    return SchemaChecker(batch_schema({}))


def submission_schema(*, with_app_id: bool) -> JsonObject:
    """The JSON Schema of the body."""
    properties: JsonObject = {
        "definition": NAME,
        "version": VERSION,
        "inputs": {"type": "object"},
        "labels": LABELS,
        "callback_url": CALLBACK_URL,
    }
    required: list[JsonValue] = ["inputs"]
    if with_app_id:
        properties["app_id"] = {"type": "string", "pattern": APP_ID_PATTERN}
        required.append("app_id")
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


def batch_schema(entry: JsonObject) -> JsonObject:
    """The JSON Schema of a batch whose jobs keep the schema `entry`."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["jobs"],
        "properties": {
            "jobs": {"type": "array", "minItems": 1, "maxItems": MAX_BATCH, "items": entry},
            "atomic": {
                "type": "boolean",
                "default": False,
                "description": "All jobs are accepted or none.",
            },
        },
    }


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
