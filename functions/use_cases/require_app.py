"""Whether an app is served here, and whether the caller may use it."""

from functions.domain.caller import Caller
from functions.domain.errors import NotFoundError
from functions.services import Services


def require_app(services: Services, caller: Caller, app_id: str) -> None:
    """Return if both hold.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use it.
    """
    if app_id not in services.app_ids:
        raise NotFoundError(f"There is no app {app_id[:64]!r} here.")
    caller.require_app(app_id)
