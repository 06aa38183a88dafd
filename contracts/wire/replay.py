"""Bodies of replays: corrected inputs, or the fingerprint of all that shall be replayed."""

from functools import cache
from typing import cast

from pydantic import JsonValue

from contracts.model import JsonObject
from contracts.validation import SchemaChecker

MAX_REPLAYS, DEFAULT_REPLAYS = 100, 50

REPLAY_SCHEMA: JsonObject = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"inputs": {"type": "object"}},
}
REPLAY_ALL_SCHEMA: JsonObject = {
    "type": "object",
    "additionalProperties": False,
    "required": ["fingerprint"],
    "properties": {
        "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "limit": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_REPLAYS,
            "default": DEFAULT_REPLAYS,
        },
        "cursor": {"type": "string", "maxLength": 200},
    },
}


def read_replay(document: JsonValue) -> JsonObject | None:
    """The corrected inputs, if there are any.

    Raises:
        ContractViolationError: naming each member that is wrong or unknown.
    """
    return cast("JsonObject | None", _replay().complete(document).get("inputs"))


def read_replay_all(document: JsonValue) -> tuple[str, int, str | None]:
    """Fingerprint, limit and cursor.

    Raises:
        ContractViolationError: naming each member that is wrong or unknown.
    """
    body = _replay_all().complete(document)
    limit, cursor = cast("int", body["limit"]), cast("str | None", body.get("cursor"))
    return str(body["fingerprint"]), int(limit), cursor


@cache
def _replay() -> SchemaChecker:
    return SchemaChecker(REPLAY_SCHEMA)


@cache
def _replay_all() -> SchemaChecker:
    return SchemaChecker(REPLAY_ALL_SCHEMA)
