"""Show operators what was given up."""

from functions.domain.caller import Caller
from functions.domain.dead_letter import DeadLetter, Incident
from functions.domain.letter_filter import LetterFilter
from functions.domain.operator import require_operator
from functions.services import Services
from functions.store import dead_letters


async def list_dead_letters(
    services: Services, caller: Caller, app_id: str, wanted: LetterFilter
) -> list[DeadLetter]:
    """One page of every tenant's dead letters of the app, newest first.

    Raises:
        ForbiddenError: the caller does not operate the app.
    """
    require_operator(caller, app_id)
    async with services.database.platform([app_id]) as connection:
        return await dead_letters.list_dead_letters(connection, app_id, wanted)


async def list_incidents(
    services: Services, caller: Caller, app_id: str, wanted: LetterFilter
) -> list[Incident]:
    """The same by fingerprint, last seen first.

    Raises:
        ForbiddenError: the caller does not operate the app.
    """
    require_operator(caller, app_id)
    async with services.database.platform([app_id]) as connection:
        return await dead_letters.list_incidents(connection, app_id, wanted)
