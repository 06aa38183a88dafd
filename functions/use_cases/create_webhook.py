"""Register an endpoint that hears of the ends of a tenant's jobs."""

from contracts.wire.webhook import WebhookChange
from functions.domain.caller import Caller
from functions.domain.errors import InvalidStateError
from functions.domain.webhook import MAX_ENDPOINTS, Endpoint
from functions.services import Services
from functions.store.webhooks import create_endpoint
from functions.use_cases.check_webhook_url import check_webhook_url
from functions.use_cases.require_app import require_app


async def create_webhook(
    services: Services, caller: Caller, app_id: str, wanted: WebhookChange
) -> Endpoint:
    """The endpoint with its secret, which is never shown again.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
        InputsRejectedError: the URL is refused.
        InvalidStateError: there are too many, or one for callbacks already.
    """
    require_app(services, caller, app_id)
    if wanted.url is not None:
        await check_webhook_url(services, wanted.url)
    owner, types = (caller.tenant_id, app_id), wanted.event_types or ()
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        endpoint = await create_endpoint(connection, owner, wanted.url, types, services.clock.now())
    if endpoint is None:
        raise InvalidStateError(
            f"There are {MAX_ENDPOINTS} endpoints already, or one without a URL for callbacks."
        )
    return endpoint
