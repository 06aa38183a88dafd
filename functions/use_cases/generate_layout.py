"""Submit a layout, and wait for it where the platform is set to."""

from dataclasses import dataclass
from uuid import UUID

from contracts.model import JsonObject
from contracts.wire.submission import Submission
from functions.domain.caller import Caller, Trace
from functions.domain.job import Job
from functions.domain.submitted import Terms
from functions.services import Services
from functions.use_cases.await_end import await_end
from functions.use_cases.get_layout_state import get_layout_state
from functions.use_cases.get_result import get_result
from functions.use_cases.submit_job import submit_job

# Azure's front end gives a request up after 230 s, however long the function may run.
LONGEST_WAIT_S = 200


@dataclass(frozen=True, slots=True)
class Generated:
    """The job that stands for the layout; `layout` is its result where that was waited for."""

    job: Job
    outputs: JsonObject | None
    layout: JsonObject | None
    is_replayed: bool


async def generate_layout(
    services: Services, caller: Caller, trace: Trace, submission: Submission, terms: Terms
) -> Generated:
    """Write the job as any submission does; without ENABLE_ASYNC_LAYOUT_GENERATION see its end.

    A layout that takes longer than a request may last goes on, and its state is the answer.

    Raises:
        JobFailedError: its end was waited for, and it failed; carries the job's own error.
        KudusoError: whatever a submission may raise.
    """
    outcome = await submit_job(services, caller, trace, submission, terms)
    layout_id, app_id = UUID(str(outcome.answer.body["job_id"])), submission.app_id
    is_awaited = not services.settings.enable_async_layout_generation
    if is_awaited:
        await await_end(services, caller, layout_id, LONGEST_WAIT_S)
    job, outputs = await get_layout_state(services, caller, app_id, layout_id)
    layout = None
    if is_awaited and job.is_final:
        layout = await get_result(services, caller, layout_id, app_id)
    return Generated(job, outputs, layout, outcome.is_replayed)
