"""Give a job that was given up another life, as a job of its own."""

from datetime import timedelta
from uuid import UUID

import structlog

from contracts.digest import inputs_hash
from contracts.errors import ContractViolationError, UnknownContractError, Violation
from contracts.model import JsonObject
from functions.domain.caller import Caller, Trace
from functions.domain.dead_letter import DeadLetter, GivenUpJob
from functions.domain.errors import (
    DefinitionNotFoundError,
    InputsRejectedError,
    InvalidStateError,
    NotFoundError,
)
from functions.domain.job import NewJob, doorbell
from functions.services import Services
from functions.store.dead_letters import mark_replayed
from functions.store.events import JobKey, note
from functions.store.jobs import insert_job
from functions.store.tenant import Connection
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
    job = _job(services, trace, letter, given_up, inputs)
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


def _job(
    services: Services,
    trace: Trace,
    letter: DeadLetter,
    given_up: GivenUpJob,
    inputs: JsonObject | None,
) -> NewJob:
    app_id, ref = letter.app_id, given_up.ref
    accepted = _accept(services, app_id, given_up, given_up.inputs if inputs is None else inputs)
    now = services.clock.now()
    return NewJob(
        job_id=services.clock.new_id(),
        tenant_id=given_up.tenant_id,
        app_id=app_id,
        ref=ref,
        inputs=accepted,
        inputs_hash=inputs_hash(given_up.tenant_id, app_id, ref, accepted),
        correlation_id=trace.correlation_id,
        traceparent=trace.traceparent,
        created_at=now,
        expires_at=now + timedelta(seconds=services.registry.policy(app_id).queue_ttl),
        labels=given_up.labels,
    )


def _accept(
    services: Services, app_id: str, given_up: GivenUpJob, inputs: JsonObject
) -> JsonObject:
    ref = given_up.ref
    try:
        served = services.registry.resolve(app_id, ref.definition, ref.version)
        return services.registry.accept_inputs(app_id, served, inputs)
    except UnknownContractError as error:
        raise DefinitionNotFoundError(str(error)) from error
    except ContractViolationError as error:
        faults = [
            Violation(f"/inputs{fault.pointer}", fault.code, fault.message, fault.hint)
            for fault in error.violations
        ]
        detail = "The inputs break the contract; see errors."
        raise InputsRejectedError(detail, code=error.kind, errors=faults) from error


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
