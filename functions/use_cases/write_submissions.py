"""Write accepted submissions of one tenant and app: one transaction, then the doorbells."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from functions.domain.idempotency import StoredAnswer
from functions.domain.job import NewJob, doorbell
from functions.domain.job_resource import submitted_job
from functions.domain.submitted import Admission, Submitted, Terms
from functions.services import Services
from functions.store.idempotency import recall, remember
from functions.store.jobs import insert_jobs
from functions.store.submissions import find_equal
from functions.store.tenant import Connection
from functions.store.webhooks import Callback, add_callbacks
from functions.telemetry.spans import traced
from functions.use_cases.ring_doorbells import ring_doorbells

AnswerOf = Callable[[Sequence[Admission]], StoredAnswer]


class _EndedMeanwhileError(Exception):
    """An equal job ended before it could promise a callback; nothing was written."""


@traced("submit")
async def write_submissions(
    services: Services, drafts: Sequence[NewJob], terms: Terms, answer_of: AnswerOf
) -> Submitted:
    """Write jobs, events, outbox rows and the idempotency key together; ring after the commit.

    A crash before the commit leaves nothing, one after it leaves doorbells to the outbox timer.

    Args:
        services: clock, policies, database and queue.
        drafts: at least one, all of the same tenant and app.
        terms: the key that they came under, and whether equal jobs will do.
        answer_of: what the client is told, given an admission for each draft.

    Raises:
        ConflictError: idempotency_in_progress.
        RejectedError: idempotency_key_reused.
    """
    while True:
        try:
            return await _write(services, drafts, terms, answer_of)
        except _EndedMeanwhileError:  # the next look finds the result, or no equal job
            continue


async def _write(
    services: Services, drafts: Sequence[NewJob], terms: Terms, answer_of: AnswerOf
) -> Submitted:
    tenant_id, app_id = drafts[0].tenant_id, drafts[0].app_id
    now = services.clock.now()
    async with services.database.tenant(tenant_id, [app_id]) as connection:
        if terms.key is not None:
            stored = await recall(connection, tenant_id, app_id, terms.key, now)
            if stored is not None:
                return Submitted(stored, is_replayed=True)
        admissions = await admit(services, connection, drafts, may_reuse=terms.may_reuse)
        written = [d for d, a in zip(drafts, admissions, strict=True) if a.job.id == d.job_id]
        answer = answer_of(admissions)
        await insert_jobs(connection, written)
        if not await add_callbacks(connection, _callbacks(drafts, admissions), now):
            raise _EndedMeanwhileError
        if terms.key is not None:
            await remember(connection, tenant_id, app_id, terms.key, answer, now)
    await ring_doorbells(services, [doorbell(job, attempt=1) for job in written])
    return Submitted(answer)


def _callbacks(drafts: Sequence[NewJob], admissions: Sequence[Admission]) -> list[Callback]:
    """Whom to tell of which job's end; a finished job is told by the answer itself."""
    return [
        Callback(admission.job.id, draft.tenant_id, draft.app_id, draft.callback_url)
        for draft, admission in zip(drafts, admissions, strict=True)
        if draft.callback_url is not None and not admission.job.is_final
    ]


async def admit(
    services: Services, connection: Connection, drafts: Sequence[NewJob], *, may_reuse: bool
) -> list[Admission]:
    """An equal job for each draft that has one, also among the drafts before it.

    Until the transaction has ended nobody else finds or makes one for these drafts.
    """
    app_id = drafts[0].app_id
    cache_ttl = timedelta(seconds=services.registry.policy(app_id).result_cache_ttl)
    if not may_reuse or not cache_ttl:
        return [Admission(submitted_job(draft)) for draft in drafts]
    hashes = [draft.inputs_hash for draft in drafts]
    now = services.clock.now()
    known = await find_equal(
        connection, drafts[0].tenant_id, app_id, hashes, fresh_after=now - cache_ttl, now=now
    )
    admissions: list[Admission] = []
    for draft in drafts:
        equal = known.get(draft.inputs_hash)
        admissions.append(Admission(equal or submitted_job(draft), is_reused=equal is not None))
        known.setdefault(draft.inputs_hash, admissions[-1].job)
    return admissions
