"""End what a study has not begun, and the jobs that it made."""

from datetime import datetime
from typing import Literal

from functions.domain.study import Study
from functions.store.endings import ask_to_cancel, cancel_queued
from functions.store.events import JobKey
from functions.store.study_points import halt, list_own_jobs
from functions.store.tenant import Connection


async def halt_study(
    connection: Connection, study: Study, as_status: Literal["cancelled", "skipped"], now: datetime
) -> None:
    """Pending points end at once, and so do queued jobs; a cancelled study's running ones are told.

    Jobs that others wait for as well go on without the study. The transaction holds the study's
    row, so no point begins afterwards.
    """
    await halt(connection, study.id, as_status)
    for job_id, status in await list_own_jobs(connection, study.id):
        key = JobKey(job_id, study.tenant_id, study.app_id)
        is_over = status == "queued" and await cancel_queued(connection, key, now)
        if not is_over and as_status == "cancelled":
            await ask_to_cancel(connection, key, now)
