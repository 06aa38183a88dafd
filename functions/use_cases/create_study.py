"""Accept a study, and have it followed."""

from dataclasses import dataclass, replace

from contracts.model import JsonObject
from functions.domain.caller import Caller, Trace
from functions.domain.errors import RejectedError
from functions.domain.idempotency import StoredAnswer
from functions.domain.study import StudyDraft, StudyKey
from functions.domain.study_request import StudyRequest
from functions.domain.study_resource import study_json, study_path, submitted_study
from functions.domain.submitted import POLL_AFTER_S, Submitted, Terms
from functions.services import Services
from functions.store.idempotency import recall, remember
from functions.store.studies import count_active, insert_study
from functions.use_cases.accept_study import accept_study
from functions.use_cases.require_app import require_app

BUSY_RETRY_S = 30


@dataclass(frozen=True, slots=True)
class Created:
    """The answer, and the study that it made, if it made one."""

    outcome: Submitted
    key: StudyKey | None = None


async def create_study(
    services: Services,
    caller: Caller,
    trace: Trace,
    app_id: str,
    request: StudyRequest,
    terms: Terms,
) -> Created:
    """Write the study with all its points and the idempotency key in one transaction.

    It is accepted once that has committed; the orchestration that follows it is started afterwards,
    and by a timer if that fails.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
        DefinitionNotFoundError, InputsRejectedError: as `accept_study`.
        RejectedError: quota_exceeded, too many studies run; idempotency_key_reused.
        ConflictError: idempotency_in_progress.
    """
    require_app(services, caller, app_id)
    study = await accept_study(services, caller, trace, app_id, request)
    study = replace(study, may_reuse=terms.may_reuse)
    max_active = services.registry.policy(app_id).studies.max_active
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        if terms.key is not None:
            stored = await recall(connection, caller.tenant_id, app_id, terms.key, study.created_at)
            if stored is not None:
                return Created(Submitted(stored, is_replayed=True))
        if await count_active(connection, caller.tenant_id, app_id) >= max_active:
            detail = f"{max_active} studies of this tenant are running already."
            raise RejectedError(detail, code="quota_exceeded", retry_after_s=BUSY_RETRY_S)
        await insert_study(connection, study)
        answer = _answer(study)
        if terms.key is not None:
            key, now = terms.key, study.created_at
            await remember(connection, caller.tenant_id, app_id, key, answer, now)
    return Created(Submitted(answer), study.key)


async def check_study(
    services: Services, caller: Caller, trace: Trace, app_id: str, request: StudyRequest
) -> JsonObject:
    """Say what a study would run, without running it.

    Raises:
        NotFoundError, ForbiddenError, DefinitionNotFoundError, InputsRejectedError: as
            `create_study`.
    """
    require_app(services, caller, app_id)
    study = await accept_study(services, caller, trace, app_id, request)
    return {
        "valid": True,
        "definition": study.ref.definition,
        "version": study.ref.version,
        "points": len(study.points),
        "estimate_seat_s": study.estimate_seat_s,
        "concurrency": study.concurrency,
    }


def _answer(study: StudyDraft) -> StoredAnswer:
    written = submitted_study(study)
    headers = {"Location": study_path(written), "Retry-After": str(POLL_AFTER_S)}
    counts = {"pending": written.points}
    return StoredAnswer(202, headers, study_json(written, counts, 0))
