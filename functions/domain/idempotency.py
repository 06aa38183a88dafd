"""Idempotency keys: one effect and one answer for a request that is sent several times.

Source: draft-ietf-httpapi-idempotency-key-header-07.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from pydantic import JsonValue

from contracts.digest import canonical_json
from contracts.errors import Violation
from contracts.model import JsonObject
from functions.domain.errors import InputsRejectedError

KEEP = timedelta(hours=24)
# The characters of a Structured Field string, without the quote and the backslash.
_KEY = re.compile(r'"([\x20-\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})')


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A key as a client sent it, and the SHA-256 of the body it came with (RFC 8785 form)."""

    route: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer that can be given again."""

    status: int
    headers: Mapping[str, str]
    body: JsonObject


def read_key(route: str, header: str | None, body: JsonValue) -> IdempotencyKey | None:
    """The key of a request, with or without the quotes of a Structured Field; None without one.

    Raises:
        InputsRejectedError: the header is no such string of 1 to 255 characters.
    """
    if header is None:
        return None
    match = _KEY.fullmatch(header.strip())
    if match is None:
        message = (
            "Header Idempotency-Key: must be a string of 1 to 255 printable ASCII characters, "
            "with or without quotes around it."
        )
        fault = Violation("", "idempotency_key", message)
        raise InputsRejectedError("The header Idempotency-Key is malformed.", errors=[fault])
    fingerprint = hashlib.sha256(canonical_json(body)).hexdigest()
    return IdempotencyKey(route, match[1] or match[2], fingerprint)
