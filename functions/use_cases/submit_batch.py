"""Accept many jobs at once, each with an outcome of its own, or all of them or none."""

from pydantic import JsonValue

from contracts.errors import ContractViolationError
from contracts.wire.submission import Batch, read_submission
from functions.domain.batch import Reading, batch_answer, rejected_batch
from functions.domain.caller import Caller, Trace
from functions.domain.errors import InputsRejectedError, KudusoError
from functions.domain.job import NewJob
from functions.domain.submitted import Submitted, Terms
from functions.services import Services
from functions.use_cases.accept_submission import accept_submission
from functions.use_cases.require_app import require_app
from functions.use_cases.write_submissions import write_submissions


async def submit_batch(
    services: Services, caller: Caller, trace: Trace, app_id: str, batch: Batch, terms: Terms
) -> Submitted:
    """Write every good job in one transaction, then ring for each.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
        InputsRejectedError: the batch is atomic and a job is bad; nothing was written.
        ConflictError: idempotency_in_progress.
        RejectedError: idempotency_key_reused.
    """
    require_app(services, caller, app_id)
    readings = [
        Reading(index, _read(services, caller, trace, app_id, document))
        for index, document in enumerate(batch.submissions)
    ]
    drafts = [r.outcome for r in readings if isinstance(r.outcome, NewJob)]
    failures = [(r.index, r.outcome) for r in readings if isinstance(r.outcome, KudusoError)]
    if failures and batch.is_atomic:
        raise rejected_batch(failures)
    if not drafts:
        return Submitted(batch_answer(readings, [], trace.correlation_id))
    return await write_submissions(
        services, drafts, terms, lambda found: batch_answer(readings, found, trace.correlation_id)
    )


def _read(
    services: Services, caller: Caller, trace: Trace, app_id: str, document: JsonValue
) -> NewJob | KudusoError:
    try:
        return accept_submission(services, caller, trace, read_submission(document, app_id))
    except ContractViolationError as error:
        detail = "The job is not what this endpoint takes; see errors."
        return InputsRejectedError(detail, code=error.kind, errors=error.violations)
    except InputsRejectedError as error:
        return error
    except KudusoError as error:
        if error.is_transient:
            raise
        return error
