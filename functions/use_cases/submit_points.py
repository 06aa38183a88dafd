"""Make jobs of a study's next points."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from contracts.model import JsonObject
from contracts.wire.submission import Submission
from functions.domain.caller import Caller, Trace
from functions.domain.errors import InputsRejectedError, KudusoError
from functions.domain.job import NewJob, doorbell, error_record
from functions.domain.study import Study
from functions.domain.study_resource import inputs_of
from functions.domain.study_space import Point
from functions.services import Services
from functions.store import study_points
from functions.store.jobs import insert_jobs
from functions.store.studies import lock_study, touch
from functions.store.tenant import Connection
from functions.use_cases.accept_submission import accept_submission
from functions.use_cases.ring_doorbells import ring_doorbells
from functions.use_cases.write_submissions import admit

log = structlog.stdlib.get_logger("kuduso")


@dataclass(frozen=True, slots=True)
class _Draft:
    point: int
    outcome: NewJob | KudusoError


async def submit_points(
    services: Services, study: Study, pending: Sequence[tuple[int, Point]]
) -> int:
    """One job for each point, or the equal one that is finished or on its way; then the doorbells.

    Jobs and the points' references to them are one transaction that holds the study's row, so a
    point has exactly one job however often this runs. A point whose inputs the contract refuses
    fails alone.

    Returns:
        How many points have begun, or failed to.

    Raises:
        FaultError: PostgreSQL does not answer; nothing was written, or all was.
    """
    drafts = await asyncio.to_thread(_drafts, services, study, pending)
    scope = services.database.tenant(study.tenant_id, [study.app_id])
    async with scope as connection:
        chosen = await _still_wanted(connection, study, drafts)
        written, reused = await _write(services, connection, study, chosen)
    if written:
        await ring_doorbells(services, [doorbell(job, attempt=1) for job in written])
    if chosen:
        log.info("study_points_submitted", count=len(chosen), reused=reused)
    return len(chosen)


def _drafts(services: Services, study: Study, pending: Sequence[tuple[int, Point]]) -> list[_Draft]:
    draft = partial(_draft, services, study)
    return [_Draft(point, draft(parameters)) for point, parameters in pending]


def _draft(services: Services, study: Study, parameters: Point) -> NewJob | KudusoError:
    caller = Caller(study.tenant_id, frozenset({study.app_id}))
    try:
        submission = Submission(
            app_id=study.app_id,
            definition=study.definition,
            version=study.version,
            inputs=inputs_of(study, parameters),
            labels={**study.labels, "study": str(study.id)},
        )
        return accept_submission(
            services, caller, Trace(study.correlation_id, study.traceparent), submission
        )
    except KeyError as error:
        return InputsRejectedError(f"There is no {error.args[0]} in the study's base.")
    except KudusoError as error:
        return error


async def _still_wanted(
    connection: Connection, study: Study, drafts: Sequence[_Draft]
) -> list[_Draft]:
    """What may begin, seen under the lock: somebody may have submitted or cancelled meanwhile."""
    fresh = await lock_study(connection, study.id, [study.app_id])
    if fresh is None:
        return []
    points = [draft.point for draft in drafts]
    pending = set(await study_points.still_pending(connection, study.id, points))
    counts = await study_points.count(connection, study.id)
    room = max(0, fresh.concurrency - counts.get("submitted", 0))
    return [draft for draft in drafts if draft.point in pending][:room]


async def _write(
    services: Services, connection: Connection, study: Study, chosen: Sequence[_Draft]
) -> tuple[list[NewJob], int]:
    if not chosen:
        return [], 0
    now = services.clock.now()
    jobs = [(d.point, d.outcome) for d in chosen if isinstance(d.outcome, NewJob)]
    submissions = [
        study_points.Submission(d.point, error=_record(services, d.outcome))
        for d in chosen
        if isinstance(d.outcome, KudusoError)
    ]
    written: list[NewJob] = []
    if jobs:
        drafts = [job for _, job in jobs]
        admissions = await admit(services, connection, drafts, may_reuse=study.may_reuse)
        for (point, draft), admission in zip(jobs, admissions, strict=True):
            is_own = admission.job.id == draft.job_id
            written += [draft] if is_own else []
            bound = study_points.Submission(point, admission.job.id, is_reused=not is_own)
            submissions.append(bound)
        await insert_jobs(connection, written)
    await study_points.submit(connection, study.id, submissions)
    await touch(connection, study.id, now, has_moved=True)
    return written, len(jobs) - len(written)


def _record(services: Services, error: KudusoError) -> JsonObject:
    return error_record(error, 0, services.clock.now())
