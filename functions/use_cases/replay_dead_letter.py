"""Give a job that was given up another life, as a job of its own."""

from uuid import UUID

import structlog

from contracts.errors import Violation
from contracts.model import JsonObject
from contracts.wire.submission import Submission
from functions.domain.caller import Caller, Trace
from functions.domain.dead_letter import DeadLetter, GivenUpJob
from functions.domain.errors import InvalidStateError, NotFoundError
from functions.domain.job import NewJob, doorbell
from functions.services import Services
from functions.store.dead_letters import mark_replayed
from functions.store.events import JobKey, note
from functions.store.jobs import insert_job
from functions.store.tenant import Connection
from functions.use_cases.accept_submission import accept_submission
from functions.use_cases.get_dead_letter import get_dead_letter
from functions.use_cases.ring_doorbell import ring_doorbell

log = structlog.stdlib.get_logger("kuduso")


async def replay_dead_letter(
    services: Services,
    caller: Caller,
    trace: Trace,
    key: tuple[str, UUID],
    inputs: JsonObject | None,
) -> NewJob:
    """Submit the job again for its tenant; a job of its own, and both timelines name the other.

    One transaction marks the dead letter and writes the job: of two replays one gets through.

    Args:
        services: registry, database and queue.
        caller: an operator of the app.
        trace: of the request; the new job carries it.
        key: app and id of the dead letter.
        inputs: corrected ones; None takes those of the job.

    Raises:
        ForbiddenError: the caller does not operate the app.
        NotFoundError: the app has no such dead letter, or is not served here.
        InvalidStateError: it was replayed before, or there is no job to replay.
        DefinitionNotFoundError: the contract is gone.
        InputsRejectedError: the inputs break the contract.
    """
    letter, given_up = await get_dead_letter(services, caller, *key)
    if letter.app_id not in services.app_ids:
        raise NotFoundError(f"There is no app {letter.app_id!r} here.")
    if letter.replayed_as is not None:
        raise _replayed_before(letter.replayed_as)
    if given_up is None:
        raise InvalidStateError("There is no job behind this dead letter, or it is erased.")
    tenant = Caller(given_up.tenant_id, frozenset({letter.app_id}))
    job = accept_submission(services, tenant, trace, _submission(letter, given_up, inputs))
    message = doorbell(job, attempt=1)
    async with services.database.platform([job.app_id]) as connection:
        is_first = await mark_replayed(connection, letter, job.job_id, job.created_at)
        if is_first:
            await insert_job(connection, job, message)
            await _link(connection, letter, job)
    if not is_first:
        letter, _ = await get_dead_letter(services, caller, *key)
        raise _replayed_before(letter.replayed_as)
    await ring_doorbell(services, message)
    log.info("dead_letter_replayed", dead_letter=str(letter.id), job_id=str(job.job_id))
    return job


def _submission(letter: DeadLetter, given_up: GivenUpJob, inputs: JsonObject | None) -> Submission:
    return Submission(
        app_id=letter.app_id,
        definition=given_up.ref.definition,
        version=given_up.ref.version,
        inputs=given_up.inputs if inputs is None else inputs,
        labels=given_up.labels,
    )


async def _link(connection: Connection, letter: DeadLetter, job: NewJob) -> None:
    given_up_id = letter.job_id
    if given_up_id is None:
        return
    names: JsonObject = {"dead_letter": str(letter.id), "job_id": str(job.job_id)}
    given_up = JobKey(given_up_id, job.tenant_id, job.app_id)
    await note(connection, given_up, "job_replayed", job.created_at, names)
    replay = JobKey(job.job_id, job.tenant_id, job.app_id)
    origin: JsonObject = {"dead_letter": str(letter.id), "job_id": str(given_up_id)}
    await note(connection, replay, "replay_submitted", job.created_at, origin)


def _replayed_before(job_id: UUID | None) -> InvalidStateError:
    fault = Violation("", "replayed_as", str(job_id))
    return InvalidStateError(f"This was replayed as job {job_id}.", errors=[fault])
