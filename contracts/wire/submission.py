"""Body of a submission: which contract to run, and its inputs."""

from dataclasses import dataclass
from functools import cache

from pydantic import JsonValue

from contracts.model import APP_ID_PATTERN, JsonObject
from contracts.validation import SchemaChecker

_NAME: JsonObject = {"type": "string", "pattern": r"^[a-z][a-z0-9-]{1,39}$"}
_VERSION: JsonObject = {"type": "string", "pattern": r"^(stable|\d+\.\d+\.\d+)$"}


@dataclass(frozen=True, slots=True)
class Submission:
    """What a client asks for; an omitted definition is the app's own, a version the stable one."""

    app_id: str
    definition: str | None
    version: str | None
    inputs: JsonObject


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
    )


@cache
def _checker(*, with_app_id: bool) -> SchemaChecker:
    return SchemaChecker(submission_schema(with_app_id=with_app_id))


def submission_schema(*, with_app_id: bool) -> JsonObject:
    """The JSON Schema of the body."""
    properties: JsonObject = {
        "definition": _NAME,
        "version": _VERSION,
        "inputs": {"type": "object"},
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


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
