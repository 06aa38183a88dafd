"""Schemas of studies and their results."""

from typing import get_args

from contracts.model import JsonObject
from functions.domain.study import PointStatus, StopReason, StudyStatus
from functions.domain.study_resource import COUNTS
from functions.domain.study_schema import PATH, published_schema

_TEXT: JsonObject = {"type": "string"}
_TEXT_OR_NULL: JsonObject = {"type": ["string", "null"]}
_NUMBER_OR_NULL: JsonObject = {"type": ["number", "null"]}
_COUNT: JsonObject = {"type": "integer", "minimum": 0}
_FLAG: JsonObject = {"type": "boolean"}
_OBJECT: JsonObject = {"type": "object"}
_OBJECT_OR_NULL: JsonObject = {"type": ["object", "null"]}
_ID: JsonObject = {"type": "string", "format": "uuid"}
_ID_OR_NULL: JsonObject = {"type": ["string", "null"], "format": "uuid"}
_AT: JsonObject = {"type": "string", "format": "date-time"}
_AT_OR_NULL: JsonObject = {"type": ["string", "null"], "format": "date-time"}


def _every(properties: JsonObject) -> JsonObject:
    return {"type": "object", "required": [*properties], "properties": properties}


def _list(entry: JsonObject) -> JsonObject:
    return {"type": "array", "items": entry}


_OBJECTIVES: JsonObject = _list(_every({"path": PATH, "goal": {"enum": ["min", "max"]}}))
_STUDY: JsonObject = {
    "study_id": _ID,
    "app_id": _TEXT,
    "definition": _TEXT,
    "version": _TEXT,
    "status": {"enum": [*get_args(StudyStatus)]},
    "stop_reason": {"enum": [*get_args(StopReason), None]},
    "is_cancelling": _FLAG,
    "points": _COUNT,
    "counts": _every(dict.fromkeys(COUNTS, _COUNT)),
    "reused": {**_COUNT, "description": "Points that an equal job answered: they took no seat."},
    "progress": {"type": "number", "minimum": 0, "maximum": 1},
    "base": _OBJECT,
    "space": _OBJECT,
    "parameters": _list(PATH),
    "objectives": _OBJECTIVES,
    "stop": _OBJECT,
    "concurrency": _COUNT,
    "estimate_seat_s": _NUMBER_OR_NULL,
    "best": _list(_OBJECT_OR_NULL),
    "labels": {"type": "object", "additionalProperties": _TEXT},
    "created_at": _AT,
    "ended_at": _AT_OR_NULL,
    "correlation_id": _TEXT,
    "artifacts": _list(_OBJECT),
    "links": {"type": "object", "additionalProperties": _TEXT},
}
_ROW: JsonObject = {
    "point": {"type": "integer", "minimum": 1},
    "status": {"enum": [*get_args(PointStatus)]},
    "parameters": _OBJECT,
    "objectives": {"type": "object", "additionalProperties": _NUMBER_OR_NULL},
    "rank": {"type": ["integer", "null"]},
    "is_pareto": _FLAG,
    "is_reused": _FLAG,
    "outputs": _OBJECT_OR_NULL,
    "error": _OBJECT_OR_NULL,
    "job_id": _ID_OR_NULL,
    "job": _TEXT_OR_NULL,
}

STUDY_SCHEMAS: JsonObject = {
    "StudySubmission": published_schema(),
    "Study": _every(_STUDY),
    "StudyCheck": _every(
        {
            "valid": {"const": True},
            "definition": _TEXT,
            "version": _TEXT,
            "points": _COUNT,
            "estimate_seat_s": _NUMBER_OR_NULL,
            "concurrency": _COUNT,
        }
    ),
    "StudyList": _every({"studies": _list(_every(_STUDY)), "next": _TEXT_OR_NULL}),
    "StudyResults": _every(
        {
            "study_id": _ID,
            "status": {"enum": [*get_args(StudyStatus)]},
            "parameters": _list(PATH),
            "objectives": _OBJECTIVES,
            "points": _COUNT,
            "pareto_points": _list(_COUNT),
            "rows": _list(_every(_ROW)),
            "next": _TEXT_OR_NULL,
        }
    ),
}
