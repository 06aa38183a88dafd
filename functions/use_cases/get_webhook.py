"""Look endpoints up for their tenant."""

from uuid import UUID

from functions.domain.caller import Caller
from functions.domain.errors import NotFoundError
from functions.domain.webhook import Endpoint
from functions.services import Services
from functions.store.webhooks import get_endpoint, list_endpoints
from functions.use_cases.require_app import require_app


async def get_webhook(
    services: Services, caller: Caller, app_id: str, endpoint_id: UUID
) -> Endpoint:
    """One endpoint, without its secret.

    Raises:
        NotFoundError: there is none, or it is another tenant's or another app's.
        ForbiddenError: the caller may not use the app.
    """
    require_app(services, caller, app_id)
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        return required(await get_endpoint(connection, app_id, endpoint_id), endpoint_id)


async def list_webhooks(services: Services, caller: Caller, app_id: str) -> list[Endpoint]:
    """All of them, oldest first, without their secrets.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
    """
    require_app(services, caller, app_id)
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        return await list_endpoints(connection, app_id)


def required(endpoint: Endpoint | None, endpoint_id: UUID) -> Endpoint:
    """The endpoint.

    Raises:
        NotFoundError: there is none.
    """
    if endpoint is None:
        raise NotFoundError(f"There is no webhook {endpoint_id}.")
    return endpoint
