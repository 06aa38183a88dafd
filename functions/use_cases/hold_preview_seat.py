"""Hold a seat of the preview lane for as long as something takes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog

from functions.domain.errors import BusyError, FaultError
from functions.services import Services
from functions.store.preview_seats import SeatRequest, give_back, take_seat

log = structlog.stdlib.get_logger("kuduso")


@asynccontextmanager
async def hold_preview_seat(
    services: Services, wanted: SeatRequest, wait_s: int
) -> AsyncGenerator[None]:
    """Give the seat back on every way out; what cannot be given back expires within seconds.

    Raises:
        BusyError: no seat is free now; worth another try after `wait_s`.
        FaultError: PostgreSQL does not answer.
    """
    may_hold = True  # also when the answer to the request for it is lost
    try:
        async with services.database.platform([wanted.app_id]) as connection:
            may_hold = await take_seat(connection, wanted)
        if not may_hold:
            detail = f"All preview seats of {wanted.app_id} are in use."
            raise BusyError(detail, retry_after_s=wait_s)
        yield
    finally:
        if may_hold:
            # A caller that goes away cancels this task; the seat is given back all the same.
            await asyncio.shield(_give_back(services, wanted.tenant_id, wanted.app_id, wanted.id))


async def _give_back(services: Services, tenant_id: UUID, app_id: str, seat_id: UUID) -> None:
    try:
        async with services.database.tenant(tenant_id, [app_id]) as connection:
            await give_back(connection, seat_id)
    except FaultError as error:
        log.warning("seat_left_to_expire", detail=error.detail)
