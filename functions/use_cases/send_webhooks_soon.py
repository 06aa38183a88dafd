"""Send the webhooks of a job that has just ended, without holding up who ended it."""

import structlog

from functions.domain.errors import FaultError
from functions.services import Services
from functions.telemetry.spans import span
from functions.use_cases.deliver_webhooks import deliver_webhooks

log = structlog.stdlib.get_logger("kuduso")


def send_webhooks_soon(services: Services) -> None:
    """Ask for a round of deliveries after the commit that ended a job.

    What this process does not get to is sent by the timer; both claim before they send.
    """
    services.errands.ask("deliver_webhooks", lambda: _send(services))


async def _send(services: Services) -> None:
    try:
        with span("deliver_webhooks"):
            await deliver_webhooks(services)
    except FaultError as error:
        log.warning("webhooks_left_to_timer", detail=error.detail)
    except Exception:
        log.exception("webhooks_crashed")
