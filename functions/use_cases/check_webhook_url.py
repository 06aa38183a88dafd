"""Refuse a URL that the platform would never send anything to."""

from contracts.errors import Violation
from functions.domain.errors import InputsRejectedError
from functions.domain.webhook_address import WebhookUrlError, read_target
from functions.services import Services


async def check_webhook_url(services: Services, url: str) -> None:
    """Read an endpoint's URL and look its host up; every delivery does so again.

    Raises:
        InputsRejectedError: domain_violation, saying what is wrong with the URL.
    """
    try:
        await services.webhook_sender.check(url)
    except WebhookUrlError as error:
        raise _refused(error, "/url") from error


def check_callback_url(services: Services, url: str) -> None:
    """Read the URL of a job's callback; its host is looked up when there is something to send.

    Raises:
        InputsRejectedError: domain_violation, saying what is wrong with the URL.
    """
    try:
        read_target(url, allow_private=services.settings.webhook_allow_private)
    except WebhookUrlError as error:
        raise _refused(error, "/callback_url") from error


def _refused(error: WebhookUrlError, pointer: str) -> InputsRejectedError:
    fault = Violation(pointer, "webhook_url", error.detail)
    detail = "Nothing can be sent to this URL; see errors."
    return InputsRejectedError(detail, code="domain_violation", errors=[fault])
