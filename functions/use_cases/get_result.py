"""The outputs of a job, with links to its files made anew."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from pydantic import JsonValue, TypeAdapter, ValidationError

from contracts.errors import Violation
from contracts.model import JsonObject
from contracts.wire.problem import ProblemCode
from functions.domain.artifact import Artifact
from functions.domain.caller import Caller
from functions.domain.errors import (
    InvalidStateError,
    JobFailedError,
    NotFoundError,
    ResultNotReadyError,
)
from functions.domain.job import Job
from functions.services import Services
from functions.store import artifacts, jobs
from functions.use_cases.get_job import get_job

POLL_AFTER_S = 1
_VIOLATIONS = TypeAdapter(list[Violation])


async def get_result(
    services: Services, caller: Caller, job_id: UUID, app_id: str | None
) -> JsonObject:
    """Outputs as the contract describes them; `artifacts[].href` ends after a few minutes.

    Raises:
        NotFoundError: there is no such job for this tenant; result_expired when its result is gone.
        ResultNotReadyError: the job has not ended.
        JobFailedError: the job failed; carries the job's own error.
        InvalidStateError: the job was cancelled or has expired.
    """
    job = await get_job(services, caller, job_id, app_id)
    require_success(job)
    now = services.clock.now()
    async with services.database.tenant(caller.tenant_id, [job.app_id]) as connection:
        outputs = await jobs.get_outputs(connection, job_id)
        stored = await artifacts.list_artifacts(connection, job_id, now)
    if outputs is None:
        raise NotFoundError("The result is no longer kept.", code="result_expired")
    if "artifacts" in outputs:
        described = cast("list[JsonObject]", outputs["artifacts"])
        outputs["artifacts"] = await _with_links(services, described, stored)
    return outputs


async def _with_links(
    services: Services, described: list[JsonObject], stored: list[Artifact]
) -> list[JsonValue]:
    now = services.clock.now()
    expires_at = now + timedelta(seconds=services.settings.artifact_link_ttl_s)
    by_name = {artifact.file_name: artifact for artifact in stored}
    linked: list[JsonValue] = []
    for entry in described:
        artifact = by_name.get(str(entry["file_name"]))
        if artifact is not None:
            href = await services.artifact_store.link(artifact.blob_path, now, expires_at)
            entry = {**entry, "href": href, "href_expires_at": expires_at.isoformat()}  # noqa: PLW2901 - the entry, completed
        linked.append(entry)
    return linked


def require_success(job: Job) -> None:
    """Return if the job has a result, or had one.

    Raises what `get_result` says of jobs that have none.
    """
    match job.status:
        case "succeeded":
            return
        case "queued" | "running":
            raise ResultNotReadyError(f"The job is {job.status}.", retry_after_s=POLL_AFTER_S)
        case "failed":
            raise recorded_error(job)
        case "cancelled" | "expired":
            raise InvalidStateError(f"The job is {job.status}: it has no result.")


def recorded_error(job: Job) -> JobFailedError:
    """A failed job's own error, as it was recorded."""
    record = job.last_error or {}
    try:
        errors = _VIOLATIONS.validate_python(record.get("errors", []))
    except ValidationError:
        errors = []
    code = cast("ProblemCode", record.get("code", "internal"))
    return JobFailedError(str(record.get("detail", "The job failed.")), code=code, errors=errors)
