"""HTTP: parameter studies."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from contracts.model import JsonObject
from functions.blueprints.edge import Answer, Call, Handler
from functions.blueprints.job_view import submitted
from functions.blueprints.operations import Operation
from functions.blueprints.path_ids import path_id
from functions.blueprints.submitting import PROBLEMS, TERMS_PARAMETERS, read_terms
from functions.domain.job_filter import Cursor, read_filter, write_cursor
from functions.domain.preferences import Preferences, bad_parameter, read_flag
from functions.domain.study import Study
from functions.domain.study_request import read_study
from functions.domain.study_resource import study_path
from functions.domain.study_table import CSV
from functions.domain.submitted import POLL_AFTER_S
from functions.use_cases.cancel_study import cancel_study
from functions.use_cases.create_study import check_study, create_study
from functions.use_cases.erase_study import erase_study
from functions.use_cases.get_study import get_study
from functions.use_cases.get_study_results import (
    Page,
    export_study_results,
    get_study_results,
)
from functions.use_cases.list_studies import list_studies
from functions.use_cases.retry_study import retry_study
from functions.use_cases.start_study import start_study, wake_study

MAX_ROWS = 1_000
PRIVATE = {"Cache-Control": "private, no-cache"}


async def _create(call: Call) -> Answer:
    caller, app_id = await call.caller(), str(call.app_id)
    body = call.body()
    request = read_study(body)
    if read_flag("dry_run", call.query.get("dry_run")):
        return Answer(200, await check_study(call.services, caller, call.trace, app_id, request))
    terms = read_terms(call, "studies", body)
    await call.admit(caller, app_id)
    created = await create_study(call.services, caller, call.trace, app_id, request, terms)
    if created.key is not None and call.orchestrations is not None:
        await start_study(call.orchestrations, created.key)
    return submitted(created.outcome, Preferences())


async def _list(call: Call) -> Answer:
    caller, app_id = await call.caller(), str(call.app_id)
    query = call.query
    for name in query:
        if name not in ("limit", "cursor"):
            raise bad_parameter(name, "Is not known; known: limit, cursor.")
    wanted = read_filter(query)
    shown, last = await list_studies(call.services, caller, app_id, wanted.limit, wanted.cursor)
    link = None if last is None else _next_page(app_id, query, last)
    headers = PRIVATE if link is None else {**PRIVATE, "Link": f'<{link}>; rel="next"'}
    return Answer(200, {"studies": [*shown], "next": link}, headers)


def _next_page(app_id: str, query: Mapping[str, str], last: Cursor) -> str:
    kept = {"limit": query["limit"]} if "limit" in query else {}
    return f"/{app_id}/studies?{urlencode(kept | {'cursor': write_cursor(last, query)})}"


async def _get(call: Call) -> Answer:
    caller = await call.caller()
    study, body = await get_study(call.services, caller, path_id(call, "study"), str(call.app_id))
    wait = {} if study.is_final else {"Retry-After": str(POLL_AFTER_S)}
    return Answer(200, body, {**PRIVATE, **wait})


async def _results(call: Call) -> Answer:
    caller, app_id = await call.caller(), str(call.app_id)
    study_id = path_id(call, "study")
    if _wants_csv(call):
        text = await export_study_results(call.services, caller, study_id, app_id)
        name = f'attachment; filename="study-{study_id}.csv"'
        headers = {**PRIVATE, "Content-Disposition": name, "Vary": "Accept"}
        return Answer(200, {}, headers, text=text, media_type=CSV)
    page = _page(call.query)
    body = await get_study_results(call.services, caller, study_id, app_id, page)
    return Answer(200, body, {**PRIVATE, "Vary": "Accept"})


async def _cancel(call: Call) -> Answer:
    caller = await call.caller()
    study_id = path_id(call, "study")
    study, body, is_first = await cancel_study(call.services, caller, study_id, str(call.app_id))
    return await _changed(call, study, body, is_news=is_first)


async def _retry(call: Call) -> Answer:
    caller, app_id = await call.caller(), str(call.app_id)
    await call.admit(caller, app_id)
    found = await retry_study(call.services, caller, path_id(call, "study"), app_id)
    return await _changed(call, *found)


async def _erase(call: Call) -> Answer:
    caller = await call.caller()
    await erase_study(call.services, caller, path_id(call, "study"), str(call.app_id))
    return Answer(204, {})


async def _changed(call: Call, study: Study, body: JsonObject, *, is_news: bool = True) -> Answer:
    """The study as it is now; of news whoever follows it is told, and looks at once.

    Each telling is an event of a history, which no client may make grow.
    """
    if study.is_final or call.orchestrations is None:
        return Answer(200, body, {"Location": study_path(study)})
    if is_news and not await start_study(call.orchestrations, study.key):
        await wake_study(call.orchestrations, study.key)
    return Answer(202, body, {"Location": study_path(study), "Retry-After": str(POLL_AFTER_S)})


def _wants_csv(call: Call) -> bool:
    """`?format=` decides, else the first of the two types that `Accept` names."""
    wanted = call.query.get("format")
    if wanted not in (None, "csv", "json"):
        raise bad_parameter("format", "Must be csv or json.")
    if wanted is not None:
        return wanted == "csv"
    named = [
        part.split(";")[0].strip().lower() for part in (call.header("accept") or "").split(",")
    ]
    known = [name for name in named if name in (CSV, "application/json", "*/*")]
    return known[:1] == [CSV]


def _page(query: Mapping[str, str]) -> Page:
    order = query.get("order", "point")
    if order not in ("point", "rank"):
        raise bad_parameter("order", "Must be point or rank.")
    limit = _whole("limit", query.get("limit", "100"), 1, MAX_ROWS)
    offset = _whole("offset", query.get("offset", "0"), 0, 10**6)
    return Page(offset, limit, order)


def _whole(name: str, text: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text) or not low <= int(text) <= high:
        raise bad_parameter(name, f"Must be a whole number from {low} to {high}.")
    return int(text)


def _change(name: str, verb: str, summary: str, handler: Handler) -> Operation:
    return Operation(
        name,
        "POST",
        f"{{app_id}}/studies/{{study_id}}/{verb}",
        summary,
        handler,
        answers={200: "Study", 202: "Study"},
        problems=("forbidden", "not_found", "invalid_state", "rate_limited"),
        is_orchestrating=True,
    )


OPERATIONS = (
    Operation(
        "create_study",
        "POST",
        "{app_id}/studies",
        "Run a contract over a space of inputs: a grid, a list, or a seeded sample",
        _create,
        answers={202: "Study", 200: "StudyCheck"},
        problems=(*PROBLEMS, "quota_exceeded"),
        body="StudySubmission",
        parameters=("dry_run", *TERMS_PARAMETERS),
        is_orchestrating=True,
    ),
    Operation(
        "list_studies",
        "GET",
        "{app_id}/studies",
        "List studies, newest first",
        _list,
        answers={200: "StudyList"},
        problems=("schema_violation", "forbidden", "not_found", "rate_limited"),
        parameters=("limit", "cursor"),
    ),
    Operation(
        "get_study",
        "GET",
        "{app_id}/studies/{study_id}",
        "Read a study's progress, its best points so far, and its files once it has ended",
        _get,
        answers={200: "Study"},
        problems=("forbidden", "not_found", "rate_limited"),
    ),
    Operation(
        "get_study_results",
        "GET",
        "{app_id}/studies/{study_id}/results",
        "Read the table of results so far: JSON by pages, or all of it as text/csv",
        _results,
        answers={200: "StudyResults"},
        problems=("schema_violation", "forbidden", "not_found", "rate_limited"),
        parameters=("format", "order", "rows", "offset"),
        texts=(CSV,),
    ),
    Operation(
        "erase_study",
        "DELETE",
        "{app_id}/studies/{study_id}",
        "Erase a study that has ended, with its files; its jobs stay",
        _erase,
        answers={204: None},
        problems=("forbidden", "not_found", "invalid_state"),
    ),
    _change("cancel_study", "cancel", "Cancel a study and the jobs that it made", _cancel),
    _change("retry_study", "retry", "Run the failed points of a study again", _retry),
)
