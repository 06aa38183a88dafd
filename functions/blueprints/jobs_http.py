"""HTTP: submit a job, watch it, read its result."""

import azure.functions as func

from contracts.wire.submission import read_submission
from functions.blueprints.edge import Answer, Call, Edge
from functions.blueprints.job_view import accepted, current
from functions.services import Services
from functions.use_cases.get_job import get_job
from functions.use_cases.get_result import get_result
from functions.use_cases.submit_job import submit_job


def build(services: Services) -> func.Blueprint:
    """The endpoints of an app, and the earlier ones that carry no app in their path."""
    blueprint = func.Blueprint()
    edge = Edge(services, blueprint)
    edge.register("submit_job", "POST", "{app_id}/jobs/run", _submit)
    edge.register("get_job", "GET", "{app_id}/jobs/{job_id}", _get)
    edge.register("get_job_status", "GET", "{app_id}/jobs/status/{job_id}", _get)
    edge.register("get_job_result", "GET", "{app_id}/jobs/{job_id}/result", _get_result)
    edge.register("get_result", "GET", "{app_id}/jobs/result/{job_id}", _get_result)
    edge.register("submit_job_any_app", "POST", "jobs/run", _submit)
    edge.register("get_job_status_any_app", "GET", "jobs/status/{job_id}", _get)
    edge.register("get_result_any_app", "GET", "jobs/result/{job_id}", _get_result)
    return blueprint


async def _submit(call: Call) -> Answer:
    caller = await call.caller()
    submission = read_submission(call.body(), call.app_id)
    return accepted(await submit_job(call.services, caller, call.trace, submission))


async def _get(call: Call) -> Answer:
    caller = await call.caller()
    job = await get_job(call.services, caller, call.job_id(), call.app_id)
    return current(job, call.header("if-none-match"))


async def _get_result(call: Call) -> Answer:
    caller = await call.caller()
    outputs = await get_result(call.services, caller, call.job_id(), call.app_id)
    return Answer(200, outputs, {"Cache-Control": "private, no-store"})
