"""Show a tenant what was sent to its endpoint."""

from uuid import UUID

from functions.domain.caller import Caller
from functions.domain.webhook import Delivery
from functions.services import Services
from functions.store.webhook_deliveries import list_deliveries
from functions.store.webhooks import get_endpoint
from functions.use_cases.get_webhook import required
from functions.use_cases.require_app import require_app


async def list_webhook_deliveries(
    services: Services,
    caller: Caller,
    app_id: str,
    endpoint_id: UUID,
    *,
    before: UUID | None,
    limit: int,
) -> list[Delivery]:
    """One page, newest first, beginning after the delivery `before`.

    Raises:
        NotFoundError: there is no such endpoint for this tenant.
        ForbiddenError: the caller may not use the app.
    """
    require_app(services, caller, app_id)
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        required(await get_endpoint(connection, app_id, endpoint_id), endpoint_id)
        return await list_deliveries(connection, endpoint_id, before, limit)
