"""HTTP: the layouts' own paths, a thin translation over the same jobs, tenants and contracts."""

from typing import cast
from uuid import UUID

import structlog

from contracts.model import JsonObject
from contracts.wire.submission import Submission
from functions.blueprints.edge import Answer, Call
from functions.blueprints.jobs_http import RESULT_PROBLEMS
from functions.blueprints.operations import Operation
from functions.blueprints.path_ids import path_id
from functions.blueprints.submitting import PROBLEMS, TERMS_PARAMETERS, read_terms
from functions.domain.job import Job
from functions.domain.layout_resource import LAYOUTS, layout_json, layout_state, status_path
from functions.use_cases.generate_layout import generate_layout
from functions.use_cases.get_layout_state import get_layout_state
from functions.use_cases.get_result import get_result

POLL_AFTER_S = 2


async def _generate(call: Call) -> Answer:
    caller = await call.caller()
    body = call.body()
    terms = read_terms(call, "layouts/generate", body)
    await call.admit(caller, LAYOUTS)
    # The body is the inputs themselves; whatever JSON it is, the contract is asked.
    submission = Submission(LAYOUTS, None, None, cast("JsonObject", body), inputs_pointer="")
    made = await generate_layout(call.services, caller, call.trace, submission, terms)
    _note(made.job.id)
    if made.is_replayed:
        call.headers["Idempotency-Replayed"] = "true"
    if made.layout is not None:
        return _whole(made.job.id, made.layout)
    call.headers["Location"] = status_path(made.job)
    return _state(made.job, made.outputs, 200 if made.job.is_final else 202)


async def _get_status(call: Call) -> Answer:
    caller = await call.caller()
    layout_id = _note(path_id(call, "layout"))
    return _state(*await get_layout_state(call.services, caller, LAYOUTS, layout_id))


async def _get(call: Call) -> Answer:
    caller = await call.caller()
    layout_id = _note(path_id(call, "layout"))
    return _whole(layout_id, await get_result(call.services, caller, layout_id, LAYOUTS))


def _note(layout_id: UUID) -> UUID:
    """Log lines name the job and its app, as those of every other path do."""
    structlog.contextvars.bind_contextvars(app_id=LAYOUTS, job_id=str(layout_id))
    return layout_id


def _state(job: Job, outputs: JsonObject | None, status: int = 200) -> Answer:
    headers = {"Cache-Control": "private, no-cache"}
    if not job.is_final:
        headers["Retry-After"] = str(POLL_AFTER_S)
    return Answer(status, layout_state(job, outputs), headers)


def _whole(layout_id: UUID, outputs: JsonObject) -> Answer:
    headers = {"Cache-Control": "private, no-store"}
    return Answer(200, layout_json(str(layout_id), outputs), headers)


OPERATIONS = (
    Operation(
        "generate_layout",
        "POST",
        "api/layouts/generate",
        "Generate a site layout; the answer is the layout, or its state where that is asynchronous",
        _generate,
        answers={202: "LayoutState", 200: "LayoutOrState"},
        problems=tuple({*PROBLEMS, *RESULT_PROBLEMS}),
        body="Inputs_{app}",
        parameters=TERMS_PARAMETERS,
        answer_headers={202: ("Location", "Idempotency-Replayed"), 200: ("Idempotency-Replayed",)},
        app_id=LAYOUTS,
    ),
    Operation(
        "get_layout_status",
        "GET",
        "api/layouts/{layout_id}/status",
        "Read how far a layout is, and its figures once it is completed",
        _get_status,
        answers={200: "LayoutState"},
        problems=("not_found", "rate_limited"),
        app_id=LAYOUTS,
    ),
    Operation(
        "get_layout",
        "GET",
        "api/layouts/{layout_id}",
        "Read a completed layout, with links to its files; of a failed one its own error",
        _get,
        answers={200: "Layout"},
        problems=RESULT_PROBLEMS,
        app_id=LAYOUTS,
    ),
)
