"""Give an endpoint a fresh secret while receivers still hold the one before."""

from uuid import UUID

from functions.domain.caller import Caller
from functions.domain.webhook import OVERLAP, Endpoint
from functions.services import Services
from functions.store.webhooks import rotate_secret
from functions.use_cases.get_webhook import required
from functions.use_cases.require_app import require_app


async def rotate_webhook_secret(
    services: Services, caller: Caller, app_id: str, endpoint_id: UUID
) -> Endpoint:
    """The endpoint with its fresh secret; deliveries carry both signatures for a day.

    Raises:
        NotFoundError: there is no such endpoint for this tenant.
        ForbiddenError: the caller may not use the app.
    """
    require_app(services, caller, app_id)
    expires_at = services.clock.now() + OVERLAP
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        rotated = await rotate_secret(connection, app_id, endpoint_id, expires_at)
    return required(rotated, endpoint_id)
