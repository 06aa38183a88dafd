"""Signs what the AppServer asks for: this tenant may use this app, now."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from contracts.wire.grant import GRANT_HEADER, sign_grant

# Clocks of two machines may differ; a grant that leaks is worthless soon.
LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Grants:
    """One key, which the AppServer has too; without one nothing is signed."""

    key: bytes | None = None

    def headers(self, app_id: str, tenant_id: UUID) -> dict[str, str]:
        """The header to send beside a tenant's request to an app."""
        if self.key is None:
            return {}
        expires_at = datetime.now(UTC) + LIFE
        return {GRANT_HEADER: sign_grant(self.key, app_id, tenant_id, expires_at)}


NO_GRANTS = Grants()
