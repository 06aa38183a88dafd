"""The identity of a solve: equal inputs of one tenant, app and contract have equal hashes."""

import hashlib
from uuid import UUID

import orjson
import rfc8785
from pydantic import JsonValue

from contracts.model import ContractRef

_SMALLEST, _LARGEST = 1e-4, 2**53


def canonical_json(value: JsonValue) -> bytes:
    """The RFC 8785 form of a JSON value: member order and number texts are fixed.

    A compiled writer agrees with it on nearly every value; the rest goes to the careful one.
    """
    try:
        alike = _written_alike(value)
    except _UnlikeError:
        return rfc8785.dumps(value)
    return orjson.dumps(alike, option=orjson.OPT_SORT_KEYS)


class _UnlikeError(Exception):
    """The two writers would not write the same text."""


def _written_alike(value: JsonValue) -> JsonValue:
    """The same value, whole numbers as integers.

    Beyond ASCII the writers order names by different units; exponents are written differently, and
    large integers are refused by one of them.
    """
    if isinstance(value, dict):
        if not "".join(value).isascii():
            raise _UnlikeError
        return {
            name: member if isinstance(member, str) else _written_alike(member)
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [_written_alike(member) for member in value]
    if isinstance(value, (int, float)) and value:
        if not _SMALLEST <= abs(value) < _LARGEST:
            raise _UnlikeError
        return int(value) if isinstance(value, float) and value.is_integer() else value
    return 0 if isinstance(value, float) else value  # no negative zero


def inputs_hash(
    tenant_id: UUID, app_id: str, ref: ContractRef, inputs: dict[str, JsonValue]
) -> str:
    """SHA-256 over tenant, app, contract and inputs with defaults materialised.

    Returns:
        64 lower-case hexadecimal digits.
    """
    return hashlib.sha256(
        canonical_json(
            {
                "tenant": str(tenant_id),
                "app": app_id,
                "definition": ref.definition,
                "version": ref.version,
                "inputs": inputs,
            }
        )
    ).hexdigest()
