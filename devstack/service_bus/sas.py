"""Shared access signatures, as a client's $cbs put-token carries them.

Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas
"""

import base64
import hashlib
import hmac
from urllib.parse import unquote

from devstack.service_bus.config import AccessKey

_MAX_EXPIRY_DIGITS = 12
_SCHEME = "SharedAccessSignature "


def is_valid_token(token: str, access_key: AccessKey, now: float) -> bool:
    """Whether `SharedAccessSignature sr=..&sig=..&se=..&skn=..` is signed and not expired.

    The signature is HMAC-SHA256(key, sr + newline + se), with sr as it stands in the token.
    """
    if not token.startswith(_SCHEME):
        return False
    pairs = (part.partition("=") for part in token.removeprefix(_SCHEME).split("&"))
    parts = {name: text for name, _, text in pairs}
    expiry, resource = parts.get("se", ""), parts.get("sr", "")
    if unquote(parts.get("skn", "")) != access_key.name or not _is_later(expiry, now):
        return False
    digest = hmac.new(access_key.key.encode(), f"{resource}\n{expiry}".encode(), hashlib.sha256)
    signature = base64.b64encode(digest.digest())
    return hmac.compare_digest(signature, unquote(parts.get("sig", "")).encode())


def _is_later(expiry: str, now: float) -> bool:
    return (
        expiry.isascii() and expiry.isdigit() and len(expiry) < len("9" * 12) and int(expiry) > now
    )
