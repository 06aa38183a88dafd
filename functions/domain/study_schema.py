"""JSON Schemas of a study's submission: the one place that says its shape."""

from pydantic import JsonValue

from contracts.model import JsonObject
from contracts.wire.submission import LABELS, MAX_LABELS, NAME, VERSION
from functions.domain.study_path import PATH_PATTERN

MAX_PARAMETERS = 16
MAX_OBJECTIVES = 4
MAX_POINTS = 10_000
# One label of a point's job is the study's own.
STUDY_LABELS: JsonObject = {**LABELS, "maxProperties": MAX_LABELS - 1}
PATH: JsonObject = {"type": "string", "pattern": PATH_PATTERN, "maxLength": 200}
_NUMBER: JsonObject = {"type": "number"}
_BOUND: JsonObject = {"type": "number", "minimum": -1e15, "maximum": 1e15}
_COUNT: JsonObject = {"type": "integer", "minimum": 1, "maximum": MAX_POINTS}
_VALUES: JsonObject = {"type": "array", "minItems": 1, "maxItems": MAX_POINTS}
_SEED: JsonObject = {"type": "integer", "minimum": 0}


def _closed(required: str, **properties: JsonValue) -> JsonObject:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*required.split()],
        "properties": properties,
    }


def _parameters(**properties: JsonValue) -> JsonObject:
    entry = _closed("path", path=PATH, **properties)
    return {"type": "array", "minItems": 1, "maxItems": MAX_PARAMETERS, "items": entry}


_SAMPLED: JsonObject = _parameters(
    min=_BOUND,
    max=_BOUND,
    integer={"type": "boolean", "default": False},
    scale={"enum": ["linear", "log"], "default": "linear"},
    values=_VALUES,
)


def _sampled(kind: str) -> JsonObject:
    return _closed(
        "type parameters count",
        type={"const": kind},
        parameters=_SAMPLED,
        count=_COUNT,
        seed=_SEED,
    )


SPACES: dict[str, JsonObject] = {
    "grid": _closed(
        "type parameters",
        type={"const": "grid"},
        parameters=_parameters(
            values=_VALUES,
            min=_BOUND,
            max=_BOUND,
            count=_COUNT,
            step={"type": "number", "exclusiveMinimum": 0},
        ),
    ),
    "list": _closed(
        "type points",
        type={"const": "list"},
        points={
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_POINTS,
            "items": {
                "type": "object",
                "minProperties": 1,
                "maxProperties": MAX_PARAMETERS,
                "propertyNames": {"pattern": PATH_PATTERN},
            },
        },
    ),
    "latin_hypercube": _sampled("latin_hypercube"),
    "random": _sampled("random"),
}
_ANY_SPACE: JsonObject = {
    "type": "object",
    "required": ["type"],
    "properties": {"type": {"enum": [*SPACES]}},
}
_STOP: JsonObject = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "count": _COUNT,
        "objective": _closed("path value", path=PATH, value=_NUMBER),
        "max_seconds": {"type": "number", "exclusiveMinimum": 0},
    },
}


def study_schema(space: JsonObject | None = None) -> JsonObject:
    """The body; `space` None leaves what belongs to one kind of space to that kind's schema."""
    return _closed(
        "space",
        definition=NAME,
        version=VERSION,
        base={"type": "object", "description": "Inputs that all points share."},
        space=space or _ANY_SPACE,
        objectives={
            "type": "array",
            "maxItems": MAX_OBJECTIVES,
            "items": _closed("path goal", path=PATH, goal={"enum": ["min", "max"]}),
        },
        concurrency={
            "type": "integer",
            "minimum": 1,
            "description": "Unfinished jobs of the study at any time.",
        },
        stop=_STOP,
        labels=STUDY_LABELS,
    )


def published_schema() -> JsonObject:
    """The whole body in one schema, for `/openapi.json`."""
    return study_schema({"oneOf": [*SPACES.values()]})
