"""Check a submission against its contract; nothing is written."""

from datetime import timedelta

from contracts.digest import inputs_hash
from contracts.errors import ContractViolationError, UnknownContractError, Violation
from contracts.model import ContractRef, JsonObject
from contracts.wire.submission import Submission
from functions.domain.caller import Caller, Trace
from functions.domain.errors import DefinitionNotFoundError, InputsRejectedError
from functions.domain.job import NewJob
from functions.services import Services
from functions.use_cases.check_webhook_url import check_callback_url


def accept_submission(
    services: Services, caller: Caller, trace: Trace, submission: Submission
) -> NewJob:
    """The job that the submission would make, its defaults materialised.

    Raises:
        DefinitionNotFoundError: the app has no such contract.
        InputsRejectedError: the inputs break the contract; pointers begin with `/inputs`. Or
            nothing can be sent to the callback's URL.
    """
    ref, inputs = _accept(services, submission)
    if submission.callback_url is not None:
        check_callback_url(services, submission.callback_url)
    now = services.clock.now()
    queue_ttl = timedelta(seconds=services.registry.policy(submission.app_id).queue_ttl)
    return NewJob(
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
        labels=submission.labels,
        callback_url=submission.callback_url,
    )


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
