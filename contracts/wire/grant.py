"""The function app's word that a tenant may use an app, checked by the AppServer.

The AppServer sees no bearer token: whoever reaches its port could name any tenant. Each request
therefore carries a grant for one app and one tenant, sealed with a key that both sides hold.
"""

from datetime import datetime
from uuid import UUID

from contracts.wire.seal import SealError, check_seal, seal

GRANT_HEADER = "x-kuduso-grant"
_PURPOSE = "kuduso-grant"


class GrantError(Exception):
    """The grant does not allow this tenant this app now; the message is fit to be shown."""


def sign_grant(key: bytes, app_id: str, tenant_id: UUID, expires_at: datetime) -> str:
    """Allow a tenant an app until an instant."""
    return seal(key, _PURPOSE, _content(app_id, tenant_id), expires_at)


def check_grant(key: bytes, text: str, app_id: str, tenant_id: UUID, now: datetime) -> None:
    """Return if the text allows this tenant this app now; compares in constant time.

    Raises:
        GrantError: it is malformed, forged, for another app or tenant, or expired.
    """
    try:
        check_seal(key, text, _PURPOSE, _content(app_id, tenant_id), now)
    except SealError as error:
        raise GrantError(f"The grant is {error}.") from error


def _content(app_id: str, tenant_id: UUID) -> bytes:
    return f"{app_id}\n{tenant_id}".encode()
