"""Schemas of what the API answers with; a test compares them with real answers."""

from typing import get_args

from pydantic import JsonValue

from contracts.model import JsonObject
from contracts.wire.preview import PreviewQuality
from contracts.wire.problem import PROBLEMS
from contracts.wire.provenance import PROVENANCE_SCHEMA
from contracts.wire.replay import REPLAY_ALL_SCHEMA, REPLAY_SCHEMA
from functions.domain.job import JobStatus

ROOT = "#/components/schemas/"


def ref(name: str) -> JsonObject:
    """A reference to a named schema."""
    return {"$ref": ROOT + name}


def _object(required: str, **properties: JsonValue) -> JsonObject:
    return {"type": "object", "required": [*required.split()], "properties": properties}


_TEXT: JsonObject = {"type": "string"}
_TEXT_OR_NULL: JsonObject = {"type": ["string", "null"]}
_NUMBER: JsonObject = {"type": "number"}
_COUNT: JsonObject = {"type": "integer", "minimum": 0}
_FLAG: JsonObject = {"type": "boolean"}
_OBJECT: JsonObject = {"type": "object"}
_ID: JsonObject = {"type": "string", "format": "uuid"}
_AT: JsonObject = {"type": "string", "format": "date-time"}
_AT_OR_NULL: JsonObject = {"type": ["string", "null"], "format": "date-time"}
_NUMBER_OR_NULL: JsonObject = {"type": ["number", "null"]}

_JOB: JsonObject = _object(
    "job_id app_id definition version status attempts has_result progress inputs_hash labels "
    "created_at started_at ended_at next_attempt_at last_error correlation_id links",
    job_id=_ID,
    app_id=_TEXT,
    definition=_TEXT,
    version=_TEXT,
    status={"enum": [*get_args(JobStatus)]},
    attempts=_COUNT,
    has_result=_FLAG,
    progress={
        "type": ["object", "null"],
        "properties": {"fraction": _NUMBER, "message": _TEXT},
    },
    inputs_hash={"type": "string", "pattern": "^[0-9a-f]{64}$"},
    labels={"type": "object", "additionalProperties": _TEXT},
    created_at=_AT,
    started_at=_AT_OR_NULL,
    ended_at=_AT_OR_NULL,
    next_attempt_at=_AT_OR_NULL,
    last_error={"type": ["object", "null"]},
    correlation_id=_TEXT,
    links={"type": "object", "additionalProperties": _TEXT},
    queue_position={"type": "integer", "minimum": 1},
    eta_s=_NUMBER_OR_NULL,
)

_LETTER: JsonObject = _object(
    "id app_id tenant_id job_id reason code detail fingerprint attempts created_at replayed_at "
    "replayed_as links",
    id=_ID,
    app_id=_TEXT,
    tenant_id=_TEXT_OR_NULL,
    job_id=_TEXT_OR_NULL,
    reason=_TEXT,
    code=_TEXT_OR_NULL,
    detail=_TEXT_OR_NULL,
    fingerprint=_TEXT,
    attempts=_COUNT,
    created_at=_AT,
    replayed_at=_AT_OR_NULL,
    replayed_as=_TEXT_OR_NULL,
    links=_OBJECT,
)


def preview_answer(outputs: JsonObject) -> JsonObject:
    """A preview whose outputs keep a schema."""
    return _object(
        "outputs quality inputs artifacts timebox_ms",
        outputs=outputs,
        quality={"enum": [*get_args(PreviewQuality)]},
        inputs={"type": "object", "description": "As they were solved: snapped to steps."},
        artifacts={"type": "array", "items": _OBJECT},
        timebox_ms=_COUNT,
    )


SCHEMAS: JsonObject = {
    "Problem": _object(
        "type title status detail code retryable correlation_id errors",
        type=_TEXT,
        title=_TEXT,
        status={"type": "integer"},
        detail=_TEXT,
        code={"enum": [*PROBLEMS]},
        retryable=_FLAG,
        retry_after=_NUMBER,
        correlation_id=_TEXT,
        errors={"type": "array", "items": ref("Violation")},
    ),
    "Violation": _object(
        "pointer code message", pointer=_TEXT, code=_TEXT, message=_TEXT, hint=_TEXT
    ),
    "Job": _JOB,
    "SubmittedJob": {
        "allOf": [ref("Job"), _object("cached collapsed", cached=_FLAG, collapsed=_FLAG)]
    },
    "Provenance": PROVENANCE_SCHEMA,
    "Check": _object(
        "valid definition version inputs inputs_hash",
        valid={"const": True},
        definition=_TEXT,
        version=_TEXT,
        inputs=_OBJECT,
        inputs_hash=_TEXT,
    ),
    "SubmittedJobOrCheck": {"anyOf": [ref("SubmittedJob"), ref("Check")]},
    "JobList": _object(
        "jobs next", jobs={"type": "array", "items": ref("Job")}, next={"type": ["string", "null"]}
    ),
    "EventList": _object("events", events={"type": "array", "items": ref("Event")}),
    "Event": _object(
        "seq event at detail", seq={"type": "integer"}, event=_TEXT, at=_AT, detail=_OBJECT
    ),
    "BatchOutcome": _object(
        "accepted rejected jobs",
        accepted=_COUNT,
        rejected=_COUNT,
        jobs={
            "type": "array",
            "items": _object(
                "index status",
                index=_COUNT,
                status={"type": "integer"},
                job=ref("SubmittedJob"),
                problem=ref("Problem"),
            ),
        },
    ),
    "ContractList": _object(
        "app_id stable contracts",
        app_id=_TEXT,
        stable={"type": "object", "additionalProperties": _TEXT},
        contracts={"type": "array", "items": ref("ContractSummary")},
    ),
    "ContractSummary": _object(
        "definition version channel execution timeout_s limits concurrency units links",
        definition=_TEXT,
        version=_TEXT,
        channel={"enum": ["stable", "debug"]},
        execution={"enum": ["queue", "durable"]},
        timeout_s=_NUMBER,
        limits=_OBJECT,
        concurrency=_OBJECT,
        units=_OBJECT,
        links=_OBJECT,
    ),
    "Contract": {
        "allOf": [
            ref("ContractSummary"),
            _object(
                "app_id inputs_schema outputs_schema plugins",
                app_id=_TEXT,
                inputs_schema=_OBJECT,
                outputs_schema=_OBJECT,
                plugins=_OBJECT,
            ),
        ]
    },
    "Limits": _object(
        "app_id seats max_concurrency rate_limits max_attempts max_batch max_body_bytes "
        "result_cache_ttl_s artifact_ttl_days jobs estimates",
        app_id=_TEXT,
        seats=_OBJECT,
        max_concurrency=_COUNT,
        rate_limits=_OBJECT,
        max_attempts=_COUNT,
        max_batch=_COUNT,
        max_body_bytes=_COUNT,
        result_cache_ttl_s=_COUNT,
        artifact_ttl_days=_NUMBER,
        jobs=_object("queued running", queued=_COUNT, running=_COUNT),
        estimates={
            "type": "array",
            "items": _object(
                "definition version median_run_s queue_position eta_s",
                definition=_TEXT,
                version=_TEXT,
                median_run_s=_NUMBER_OR_NULL,
                queue_position=_COUNT,
                eta_s=_NUMBER_OR_NULL,
            ),
        },
    ),
    "DeadLetter": _LETTER,
    "DeadLetterDetail": {
        "allOf": [
            ref("DeadLetter"),
            _object(
                "error message definition version inputs",
                error=_OBJECT,
                message=_TEXT_OR_NULL,
                definition=_TEXT_OR_NULL,
                version=_TEXT_OR_NULL,
                inputs={"type": ["object", "null"]},
            ),
        ]
    },
    "DeadLetterPage": _object(
        "next_cursor",
        dead_letters={"type": "array", "items": ref("DeadLetter")},
        incidents={"type": "array", "items": _OBJECT},
        next_cursor=_TEXT_OR_NULL,
    ),
    "Replay": REPLAY_SCHEMA,
    "ReplayAll": REPLAY_ALL_SCHEMA,
    "Replayed": _object(
        "id replayed_as tenant_id links",
        id=_ID,
        replayed_as=_ID,
        tenant_id=_ID,
        links=_OBJECT,
    ),
    "ReplayPage": _object(
        "outcomes next_cursor",
        outcomes={"type": "array", "items": _OBJECT},
        next_cursor=_TEXT_OR_NULL,
    ),
    "Health": _object("status", status={"const": "alive"}),
    "Readiness": _object(
        "status checks",
        status={"enum": ["ready", "not_ready"]},
        checks={"type": "object", "additionalProperties": _TEXT},
    ),
    "OpenApi": _OBJECT,
}
