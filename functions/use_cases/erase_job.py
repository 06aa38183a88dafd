"""Erase a job: its files and remembered answers, then every row of it; a proof stays."""

from uuid import UUID

import structlog

from functions.domain.caller import Caller, Trace
from functions.domain.errors import InvalidStateError, NotFoundError
from functions.services import Services
from functions.store import jobs
from functions.store.erasures import erase_rows, is_erased, withdraw_artifacts

log = structlog.stdlib.get_logger("kuduso")


async def erase_job(
    services: Services, caller: Caller, trace: Trace, job_id: UUID, app_id: str
) -> None:
    """Leave nothing of a job but the proof; erasing it again changes nothing.

    A crash in between leaves the rows, whose files are no longer linked, and the next call (or the
    timer, as far as files go) finishes: there is no file without a row that names its job.

    Raises:
        NotFoundError: there is no such job for this tenant, and there was none.
        InvalidStateError: the job runs; cancel it first.
        FaultError: PostgreSQL, the artifact store or the AppServer does not answer; call again.
    """
    app_ids = caller.app_ids & {app_id}
    now = services.clock.now()
    async with services.database.tenant(caller.tenant_id, app_ids) as connection:
        job = await jobs.get_job(connection, job_id, app_ids)
        if job is None:
            if not await is_erased(connection, job_id, app_ids):
                raise NotFoundError(f"There is no job {job_id}.")
            return
        withdrawn = await withdraw_artifacts(connection, job_id, app_ids, now)
    if withdrawn is None or withdrawn.status == "running":
        raise InvalidStateError("The job is running; cancel it first.")
    files = 0
    if withdrawn.lease_token:  # a job that never ran has no files, and nobody knows its answer
        files = await services.artifact_store.delete_under(f"{job.app_id}/{job.id}/")
        await services.appserver.forget(job.app_id, job.tenant_id)
    async with services.database.tenant(caller.tenant_id, app_ids) as connection:
        erased = await erase_rows(connection, job, withdrawn, files, trace.correlation_id, now)
        if not erased and not await is_erased(connection, job_id, app_ids):
            raise InvalidStateError("The job has begun to run meanwhile; cancel it first.")
    log.info("job_erased", job_id=str(job_id), files=files)
