"""What only operators may do."""

from functions.domain.caller import Caller
from functions.domain.errors import ForbiddenError


def require_operator(caller: Caller, app_id: str) -> None:
    """Raise unless the caller operates this app.

    Raises:
        ForbiddenError: the token has no operator role, or does not name the app.
    """
    if not caller.is_operator:
        raise ForbiddenError("Only a token with the role operator may do this.")
    caller.require_app(app_id)
