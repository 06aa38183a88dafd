"""Send a delivery again by hand."""

from uuid import UUID

from functions.domain.caller import Caller
from functions.domain.errors import InvalidStateError, NotFoundError
from functions.domain.webhook import Delivery
from functions.services import Services
from functions.store import webhook_deliveries
from functions.store.tenant import Connection
from functions.use_cases.require_app import require_app


async def redeliver_webhook(
    services: Services, caller: Caller, app_id: str, delivery_id: UUID
) -> Delivery:
    """Make it due again; it keeps its id, by which the receiver knows it.

    One that has not ended stays as it is: a sender may hold it, and it is tried again anyway.

    Raises:
        NotFoundError: there is no such delivery for this tenant.
        ForbiddenError: the caller may not use the app.
        InvalidStateError: its endpoint is disabled.
    """
    require_app(services, caller, app_id)
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        _, is_enabled = await _found(connection, app_id, delivery_id)
        if not is_enabled:
            raise InvalidStateError("The endpoint is disabled; enable it first.")
        await webhook_deliveries.redeliver(connection, app_id, delivery_id, services.clock.now())
        return (await _found(connection, app_id, delivery_id))[0]


async def _found(connection: Connection, app_id: str, delivery_id: UUID) -> tuple[Delivery, bool]:
    found = await webhook_deliveries.get_delivery(connection, app_id, delivery_id)
    if found is None:
        raise NotFoundError(f"There is no delivery {delivery_id}.")
    return found
