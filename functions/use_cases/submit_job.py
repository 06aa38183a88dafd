"""Accept a job, or the one that already answers it."""

from contracts.wire.submission import Submission
from functions.domain.caller import Caller, Trace
from functions.domain.submitted import Submitted, Terms
from functions.services import Services
from functions.use_cases.accept_submission import accept_submission
from functions.use_cases.require_app import require_app
from functions.use_cases.write_submissions import write_submissions


async def submit_job(
    services: Services, caller: Caller, trace: Trace, submission: Submission, terms: Terms
) -> Submitted:
    """Write job, event and outbox row in one transaction; then send the message.

    The job is accepted once the transaction has committed: with the queue away the outbox timer
    sends the message later. Equal submissions meet in one job (ADR 11).

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
        DefinitionNotFoundError: the app has no such contract.
        InputsRejectedError: the inputs break the contract.
        ConflictError: idempotency_in_progress.
        RejectedError: idempotency_key_reused.
    """
    require_app(services, caller, submission.app_id)
    draft = accept_submission(services, caller, trace, submission)
    return await write_submissions(services, [draft], terms, lambda found: found[0].answer())
