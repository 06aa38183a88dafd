"""Short HMAC texts by which one deployable knows that the other one wrote something.

`<expiry>.<mac>`: seconds since 1970, and base64url of HMAC-SHA256 over a purpose, the expiry and
what is sealed. The purpose keeps a seal of one kind from passing for another.

Source: RFC 2104, RFC 4648.
"""

import base64
import hmac
import re
from datetime import datetime

# Ten digits reach the year 2286, and no further text is turned into a number.
_SEAL = re.compile(r"([0-9]{1,10})\.([A-Za-z0-9_-]{43})", re.ASCII)


class SealError(Exception):
    """The text is no seal of this content, or its time is over."""


def seal(key: bytes, purpose: str, content: bytes, expires_at: datetime) -> str:
    """Seal `content` until an instant, in whole seconds."""
    expiry = str(int(expires_at.timestamp()))
    return f"{expiry}.{_mac(key, purpose, content, expiry)}"


def check_seal(key: bytes, text: str, purpose: str, content: bytes, now: datetime) -> None:
    """Return if the text seals this content and is still in time.

    Raises:
        SealError: it is malformed, forged, for something else, or expired.
    """
    match = _SEAL.fullmatch(text)
    if match is None:
        raise SealError("malformed")
    expiry, mac = match.groups()
    if not hmac.compare_digest(mac, _mac(key, purpose, content, expiry)):
        raise SealError("not signed for this")
    if int(expiry) <= now.timestamp():
        raise SealError("expired")


def _mac(key: bytes, purpose: str, content: bytes, expiry: str) -> str:
    signed = b"\n".join((purpose.encode(), expiry.encode(), content))
    digest = hmac.digest(key, signed, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
