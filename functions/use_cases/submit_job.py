"""Accept a job: check it, write it with its doorbell, then ring."""

from datetime import timedelta

from contracts.digest import inputs_hash
from contracts.errors import ContractViolationError, UnknownContractError, Violation
from contracts.model import ContractRef, JsonObject
from contracts.wire.submission import Submission
from functions.domain.caller import Caller, Trace
from functions.domain.errors import (
    DefinitionNotFoundError,
    InputsRejectedError,
    NotFoundError,
)
from functions.domain.job import Job, NewJob, doorbell
from functions.services import Services
from functions.store.jobs import insert_job
from functions.use_cases.get_job import get_job
from functions.use_cases.ring_doorbell import ring_doorbell


async def submit_job(
    services: Services, caller: Caller, trace: Trace, submission: Submission
) -> Job:
    """Write job, event and outbox row in one transaction; then send the message.

    The job is accepted once the transaction has committed: with the queue away the outbox timer
    sends the message later.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
        DefinitionNotFoundError: the app has no such contract.
        InputsRejectedError: the inputs break the contract.
    """
    if submission.app_id not in services.app_ids:
        raise NotFoundError(f"There is no app {submission.app_id!r} here.")
    caller.require_app(submission.app_id)
    ref, inputs = _accept(services, submission)
    now = services.clock.now()
    queue_ttl = timedelta(seconds=services.registry.policy(submission.app_id).queue_ttl)
    job = NewJob(
        job_id=services.clock.new_id(),
        tenant_id=caller.tenant_id,
        app_id=submission.app_id,
        ref=ref,
        inputs=inputs,
        inputs_hash=inputs_hash(caller.tenant_id, submission.app_id, ref, inputs),
        correlation_id=trace.correlation_id,
        traceparent=trace.traceparent,
        created_at=now,
        expires_at=now + queue_ttl,
    )
    message = doorbell(job, attempt=1)
    async with services.database.tenant(job.tenant_id, [job.app_id]) as connection:
        await insert_job(connection, job, message)
    await ring_doorbell(services, message)
    return await get_job(services, caller, job.job_id, job.app_id)


def _accept(services: Services, submission: Submission) -> tuple[ContractRef, JsonObject]:
    try:
        served = services.registry.resolve(
            submission.app_id, submission.definition, submission.version
        )
        inputs = services.registry.accept_inputs(submission.app_id, served, submission.inputs)
    except UnknownContractError as error:
        raise DefinitionNotFoundError(str(error)) from error
    except ContractViolationError as error:
        raise InputsRejectedError(
            "The inputs break the contract; see errors.",
            code=error.kind,
            errors=[_under_inputs(violation) for violation in error.violations],
        ) from error
    return served.contract.ref, inputs


def _under_inputs(violation: Violation) -> Violation:
    pointer = f"/inputs{violation.pointer}"
    return Violation(pointer, violation.code, violation.message, violation.hint)
