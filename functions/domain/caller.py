"""Who asks: what a verified token says."""

from dataclasses import dataclass
from uuid import UUID

from functions.domain.errors import ForbiddenError


@dataclass(frozen=True, slots=True)
class Caller:
    """A tenant and the apps that it may use."""

    tenant_id: UUID
    app_ids: frozenset[str]
    is_operator: bool = False

    def require_app(self, app_id: str) -> None:
        """Raise unless the caller may use this app.

        Raises:
            ForbiddenError: the token does not name the app.
        """
        if app_id not in self.app_ids:
            raise ForbiddenError(f"The token does not allow the app {app_id!r}.")


@dataclass(frozen=True, slots=True)
class Trace:
    """What ties the log lines of one request together, from client to engine."""

    correlation_id: str
    traceparent: str
