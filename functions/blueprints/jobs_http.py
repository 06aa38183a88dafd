"""HTTP: submit a job, watch it, read its result."""

from uuid import UUID

from contracts.wire.problem import ProblemCode
from contracts.wire.submission import read_submission
from functions.blueprints.edge import Answer, Call
from functions.blueprints.job_view import current, submitted
from functions.blueprints.operations import Operation
from functions.blueprints.path_ids import path_id
from functions.blueprints.submitting import PROBLEMS, TERMS_PARAMETERS, read_terms
from functions.domain.preferences import read_flag, read_preferences, read_wait
from functions.use_cases.await_change import await_change
from functions.use_cases.await_end import await_end
from functions.use_cases.check_submission import check_submission
from functions.use_cases.estimate_wait import estimate_wait
from functions.use_cases.get_job import get_job
from functions.use_cases.get_provenance import get_provenance
from functions.use_cases.get_result import get_result
from functions.use_cases.submit_job import submit_job

SUBMIT_PARAMETERS = ("dry_run", "prefer", *TERMS_PARAMETERS)
RESULT_PROBLEMS: tuple[ProblemCode, ...] = (
    "not_found",
    "result_not_ready",
    "invalid_state",
    "result_expired",
    "domain_violation",
    "definition_error",
    "definition_not_found",
    "queue_timeout",
    "solve_timeout",
    "engine_error",
    "engine_unreachable",
    "plugin_mismatch",
    "output_contract_violation",
    "rate_limited",
)


async def _submit(call: Call) -> Answer:
    caller = await call.caller()
    body = call.body()
    submission = read_submission(body, call.app_id)
    if read_flag("dry_run", call.query.get("dry_run")):
        return Answer(200, check_submission(call.services, caller, call.trace, submission))
    preferences = read_preferences(call.header("prefer"))
    terms = read_terms(call, "jobs/run", body)
    await call.admit(caller, submission.app_id)
    outcome = await submit_job(call.services, caller, call.trace, submission, terms)
    ended = None
    if preferences.wait_s and outcome.is_pending:
        job_id = UUID(str(outcome.answer.body["job_id"]))
        ended = await await_end(call.services, caller, job_id, preferences.wait_s)
    return submitted(outcome, preferences, ended)


async def _get(call: Call) -> Answer:
    caller = await call.caller()
    wait_s = read_wait(call.query.get("wait"))
    known_tag = call.header("if-none-match")
    job = await get_job(call.services, caller, path_id(call, "job"), call.app_id)
    job = await await_change(call.services, caller, job, wait_s, known_tag)
    return current(job, await estimate_wait(call.services, job), known_tag)


async def _get_result(call: Call) -> Answer:
    caller = await call.caller()
    outputs = await get_result(call.services, caller, path_id(call, "job"), call.app_id)
    return Answer(200, outputs, {"Cache-Control": "private, no-store"})


async def _get_provenance(call: Call) -> Answer:
    caller = await call.caller()
    signed = await get_provenance(call.services, caller, path_id(call, "job"), call.app_id)
    return Answer(200, signed, {"Cache-Control": "private, no-store"})


def _submission(name: str, route: str, body: str) -> Operation:
    return Operation(
        name,
        "POST",
        route,
        "Submit a job",
        _submit,
        answers={202: "SubmittedJob", 200: "SubmittedJobOrCheck"},
        problems=PROBLEMS,
        body=body,
        parameters=SUBMIT_PARAMETERS,
    )


def _state(name: str, route: str) -> Operation:
    return Operation(
        name,
        "GET",
        route,
        "Read a job's state, or wait for a change of it",
        _get,
        answers={200: "Job", 304: None},
        problems=("schema_violation", "not_found", "rate_limited"),
        parameters=("wait", "if_none_match"),
    )


def _result(name: str, route: str, schema: str) -> Operation:
    return Operation(
        name,
        "GET",
        route,
        "Read a job's outputs, with links to its files; of a failed job its own error",
        _get_result,
        answers={200: schema},
        problems=RESULT_PROBLEMS,
    )


OPERATIONS = (
    _submission("submit_job", "{app_id}/jobs/run", "Submission_{app}"),
    _submission("submit_job_any_app", "jobs/run", "Submission"),
    _state("get_job", "{app_id}/jobs/{job_id}"),
    _state("get_job_status", "{app_id}/jobs/status/{job_id}"),
    _state("get_job_status_any_app", "jobs/status/{job_id}"),
    _result("get_job_result", "{app_id}/jobs/{job_id}/result", "Result_{app}"),
    _result("get_result", "{app_id}/jobs/result/{job_id}", "Result_{app}"),
    _result("get_result_any_app", "jobs/result/{job_id}", "Result"),
    Operation(
        "get_job_provenance",
        "GET",
        "{app_id}/jobs/{job_id}/provenance",
        "Read, signed, what a job's outputs were made of",
        _get_provenance,
        answers={200: "Provenance"},
        problems=RESULT_PROBLEMS,
    ),
)
