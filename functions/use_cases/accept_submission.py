"""Check a submission against its contract; nothing is written."""

from datetime import timedelta

from contracts.digest import inputs_hash
from contracts.wire.submission import Submission
from functions.domain.caller import Caller, Trace
from functions.domain.job import NewJob
from functions.domain.seat import require_seats
from functions.services import Services
from functions.use_cases.accept_inputs import accept_inputs
from functions.use_cases.check_webhook_url import check_callback_url


def accept_submission(
    services: Services, caller: Caller, trace: Trace, submission: Submission
) -> NewJob:
    """The job that the submission would make, its defaults materialised.

    Raises:
        DefinitionNotFoundError: the app has no such contract.
        InputsRejectedError: the inputs break the contract; pointers lead into the body. Or
            nothing can be sent to the callback's URL, or the app will never have the seats.
    """
    contract, inputs = accept_inputs(services, submission)
    policy = services.registry.policy(submission.app_id)
    require_seats(contract, policy.batch_seats, "batch")
    if submission.callback_url is not None:
        check_callback_url(services, submission.callback_url)
    now = services.clock.now()
    return NewJob(
        job_id=services.clock.new_id(),
        tenant_id=caller.tenant_id,
        app_id=submission.app_id,
        ref=contract.ref,
        inputs=inputs,
        inputs_hash=inputs_hash(caller.tenant_id, submission.app_id, contract.ref, inputs),
        correlation_id=trace.correlation_id,
        traceparent=trace.traceparent,
        created_at=now,
        expires_at=now + timedelta(seconds=policy.queue_ttl),
        labels=submission.labels,
        callback_url=submission.callback_url,
    )
