"""Change an endpoint: its URL, what it hears of, whether it hears at all."""

from uuid import UUID

from contracts.wire.webhook import WebhookChange
from functions.domain.caller import Caller
from functions.domain.errors import InvalidStateError
from functions.domain.webhook import Endpoint
from functions.services import Services
from functions.store.webhook_deliveries import give_up_pending
from functions.store.webhooks import change_endpoint, get_endpoint
from functions.use_cases.check_webhook_url import check_webhook_url
from functions.use_cases.get_webhook import required
from functions.use_cases.require_app import require_app


async def change_webhook(
    services: Services, caller: Caller, app_id: str, endpoint_id: UUID, change: WebhookChange
) -> Endpoint:
    """The endpoint as it is now; disabling it ends what it was still to get.

    Raises:
        NotFoundError: there is no such endpoint for this tenant.
        ForbiddenError: the caller may not use the app.
        InputsRejectedError: the URL is refused.
        InvalidStateError: the endpoint signs callbacks, which have URLs of their own.
    """
    require_app(services, caller, app_id)
    if change.url is not None:
        await check_webhook_url(services, change.url)
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        found = required(await get_endpoint(connection, app_id, endpoint_id), endpoint_id)
        if found.url is None and change.url is not None:
            raise InvalidStateError("This endpoint signs callbacks; each has a URL of its own.")
        changed = await change_endpoint(connection, app_id, endpoint_id, change)
        if change.is_enabled is False:
            await give_up_pending(connection, endpoint_id, "The endpoint was disabled.")
    return required(changed, endpoint_id)
