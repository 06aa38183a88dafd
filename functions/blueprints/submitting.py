"""What every endpoint that takes jobs reads beside its body, and what it may answer with."""

from pydantic import JsonValue

from contracts.wire.problem import ProblemCode
from functions.blueprints.edge import Call
from functions.domain.idempotency import read_key
from functions.domain.preferences import wants_fresh
from functions.domain.submitted import Terms

TERMS_PARAMETERS = ("idempotency_key", "cache_control")
PROBLEMS: tuple[ProblemCode, ...] = (
    "invalid_json",
    "schema_violation",
    "domain_violation",
    "forbidden",
    "not_found",
    "definition_not_found",
    "idempotency_key_reused",
    "idempotency_in_progress",
    "payload_too_large",
    "rate_limited",
)


def read_terms(call: Call, route: str, body: JsonValue) -> Terms:
    """`Idempotency-Key` and `Cache-Control` of a request.

    Args:
        call: the request.
        route: what the key is good for.
        body: the JSON that the key stands for.

    Raises:
        InputsRejectedError: the key is malformed.
    """
    key = read_key(route, call.header("idempotency-key"), body)
    return Terms(key, may_reuse=not wants_fresh(call.header("cache-control")))
