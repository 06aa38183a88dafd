"""The identity of a solve: equal inputs of one tenant, app and contract have equal hashes."""

import hashlib
from uuid import UUID

import rfc8785
from pydantic import JsonValue

from contracts.model import ContractRef


def canonical_json(value: JsonValue) -> bytes:
    """The RFC 8785 form of a JSON value: member order and number texts are fixed."""
    return rfc8785.dumps(value)


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
