"""Replay what failed for one and the same cause."""

from dataclasses import dataclass
from uuid import UUID

from functions.domain.caller import Caller, Trace
from functions.domain.errors import FaultError, KudusoError
from functions.domain.letter_filter import Place
from functions.domain.operator import require_operator
from functions.services import Services
from functions.store.dead_letters import list_waiting
from functions.use_cases.replay_dead_letter import replay_dead_letter


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """Which dead letters to replay: those of a fingerprint after a place, oldest first."""

    app_id: str
    fingerprint: str
    limit: int
    after: Place | None


@dataclass(frozen=True, slots=True)
class ReplayOutcome:
    """What became of one dead letter: a job, or the error that refused it."""

    place: Place
    job_id: UUID | None
    error: KudusoError | None = None


async def replay_incident(
    services: Services, caller: Caller, trace: Trace, page: ReplayPage
) -> list[ReplayOutcome]:
    """Replay one page, each in a transaction of its own; one that is refused stops no other.

    Raises:
        ForbiddenError: the caller does not operate the app.
        FaultError: PostgreSQL does not answer; what was replayed until then stays replayed.
    """
    require_operator(caller, page.app_id)
    async with services.database.platform([page.app_id]) as connection:
        places = await list_waiting(
            connection, page.app_id, page.fingerprint, page.after, page.limit
        )
    return [await _replay(services, caller, trace, page.app_id, place) for place in places]


async def _replay(
    services: Services, caller: Caller, trace: Trace, app_id: str, place: Place
) -> ReplayOutcome:
    try:
        job = await replay_dead_letter(services, caller, trace, (app_id, place.id), None)
    except FaultError:
        raise
    except KudusoError as error:
        return ReplayOutcome(place, None, error)
    return ReplayOutcome(place, job.job_id)
