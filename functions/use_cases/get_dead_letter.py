"""Look at one dead letter, with the inputs of its job."""

from uuid import UUID

from functions.domain.caller import Caller
from functions.domain.dead_letter import DeadLetter, GivenUpJob
from functions.domain.errors import NotFoundError
from functions.domain.operator import require_operator
from functions.services import Services
from functions.store import dead_letters


async def get_dead_letter(
    services: Services, caller: Caller, app_id: str, letter_id: UUID
) -> tuple[DeadLetter, GivenUpJob | None]:
    """The record, and the job unless it is erased or there never was one.

    Raises:
        ForbiddenError: the caller does not operate the app.
        NotFoundError: the app has no such dead letter.
    """
    require_operator(caller, app_id)
    async with services.database.platform([app_id]) as connection:
        letter = await dead_letters.get_dead_letter(connection, app_id, letter_id)
        if letter is None:
            raise NotFoundError(f"There is no dead letter {letter_id}.")
        return letter, await dead_letters.get_given_up_job(connection, letter)
