"""HTTP: list jobs, read a job's timeline, cancel it, erase it."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from functions.blueprints.edge import Answer, Call
from functions.blueprints.operations import Operation
from functions.blueprints.path_ids import path_id
from functions.domain.job_filter import FILTERS, Cursor, read_filter, write_cursor
from functions.domain.job_resource import job_json, job_path
from functions.domain.preferences import bad_parameter
from functions.use_cases.cancel_job import cancel_job
from functions.use_cases.erase_job import erase_job
from functions.use_cases.list_events import list_events
from functions.use_cases.list_jobs import list_jobs


async def _list(call: Call) -> Answer:
    caller = await call.caller()
    app_id = str(call.app_id)
    query = call.query
    wanted = read_filter(query)
    jobs, cursor = await list_jobs(call.services, caller, app_id, wanted)
    link = None if cursor is None else _next_page(app_id, query, cursor)
    headers = {"Cache-Control": "private, no-cache"}
    if link is not None:
        headers["Link"] = f'<{link}>; rel="next"'
    return Answer(200, {"jobs": [job_json(job) for job in jobs], "next": link}, headers)


def _next_page(app_id: str, query: Mapping[str, str], cursor: Cursor) -> str:
    kept = {name: value for name, value in query.items() if name in (*FILTERS, "limit")}
    return f"/{app_id}/jobs?{urlencode(kept | {'cursor': write_cursor(cursor, query)})}"


async def _events(call: Call) -> Answer:
    caller = await call.caller()
    since = call.query.get("since", "0")
    if not re.fullmatch(r"[0-9]{1,9}", since):
        raise bad_parameter("since", "Must be the number of an event.")
    events = await list_events(call.services, caller, path_id(call, "job"), call.app_id, int(since))
    body = [event.to_json() for event in events]
    return Answer(200, {"events": [*body]}, {"Cache-Control": "private, no-cache"})


async def _cancel(call: Call) -> Answer:
    caller = await call.caller()
    job = await cancel_job(
        call.services, caller, path_id(call, "job"), call.app_id, call.orchestrations
    )
    return Answer(200 if job.is_final else 202, job_json(job), {"Location": job_path(job)})


async def _erase(call: Call) -> Answer:
    caller = await call.caller()
    await erase_job(call.services, caller, call.trace, path_id(call, "job"), str(call.app_id))
    return Answer(204, {})


OPERATIONS = (
    Operation(
        "list_jobs",
        "GET",
        "{app_id}/jobs",
        "List jobs, newest first",
        _list,
        answers={200: "JobList"},
        problems=("schema_violation", "forbidden", "not_found", "rate_limited"),
        parameters=(*FILTERS, "limit", "cursor"),
    ),
    Operation(
        "list_job_events",
        "GET",
        "{app_id}/jobs/{job_id}/events",
        "Read a job's timeline (JSON; it is not streamed)",
        _events,
        answers={200: "EventList"},
        problems=("schema_violation", "not_found", "rate_limited"),
        parameters=("since",),
    ),
    Operation(
        "cancel_job",
        "POST",
        "{app_id}/jobs/{job_id}/cancel",
        "Cancel a job: at once while it is queued, within about a second while it runs",
        _cancel,
        answers={200: "Job", 202: "Job"},
        problems=("not_found", "invalid_state"),
        is_orchestrating=True,
    ),
    Operation(
        "erase_job",
        "DELETE",
        "{app_id}/jobs/{job_id}",
        "Erase a job, its result and its files; again: 204 as well",
        _erase,
        answers={204: None},
        problems=("not_found", "invalid_state"),
    ),
)
