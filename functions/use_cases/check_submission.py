"""Say what a submission would run, without running it."""

from contracts.model import JsonObject
from contracts.wire.submission import Submission
from functions.domain.caller import Caller, Trace
from functions.services import Services
from functions.use_cases.accept_submission import accept_submission
from functions.use_cases.require_app import require_app


def check_submission(
    services: Services, caller: Caller, trace: Trace, submission: Submission
) -> JsonObject:
    """Contract and completed inputs of a valid submission; nothing is written.

    Raises:
        NotFoundError, ForbiddenError, DefinitionNotFoundError, InputsRejectedError: as a
            submission would.
    """
    require_app(services, caller, submission.app_id)
    job = accept_submission(services, caller, trace, submission)
    return {
        "valid": True,
        "definition": job.ref.definition,
        "version": job.ref.version,
        "inputs": job.inputs,
        "inputs_hash": job.inputs_hash,
    }
