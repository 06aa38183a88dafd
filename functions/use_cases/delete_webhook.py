"""Forget an endpoint."""

from uuid import UUID

from functions.domain.caller import Caller
from functions.services import Services
from functions.store.webhooks import delete_endpoint
from functions.use_cases.require_app import require_app


async def delete_webhook(
    services: Services, caller: Caller, app_id: str, endpoint_id: UUID
) -> None:
    """Delete it with its deliveries, if it is the tenant's; what is on its way may still arrive.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
    """
    require_app(services, caller, app_id)
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        await delete_endpoint(connection, app_id, endpoint_id)
