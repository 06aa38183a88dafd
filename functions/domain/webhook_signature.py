"""Signatures that a receiver can check.

Source: Standard Webhooks 1.0.0, "Signature scheme" (symmetric, v1).
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"


def signature_headers(
    webhook_id: str, at: datetime, body: bytes, secrets: Sequence[str]
) -> dict[str, str]:
    """The three headers of one attempt; one signature for each secret, so that they can rotate.

    Args:
        webhook_id: the same at every attempt: the receiver drops what it has had.
        at: instant of this attempt; receivers refuse old ones.
        body: exactly what is sent.
        secrets: `whsec_` with base64, the current one first.
    """
    timestamp = str(int(at.timestamp()))
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return f"v1,{b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"
