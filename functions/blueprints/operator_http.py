"""HTTP for operators: list, inspect and replay dead letters.

The role is checked before anything of the request is read.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from contracts.model import JsonObject
from contracts.wire.replay import read_replay, read_replay_all
from functions.blueprints.edge import Answer, Call
from functions.blueprints.letter_view import (
    incident_json,
    letter_detail_json,
    letter_json,
    outcome_json,
)
from functions.blueprints.operations import Operation
from functions.blueprints.path_ids import path_id
from functions.domain.dead_letter import DeadLetter, Incident
from functions.domain.letter_filter import Place, read_letter_filter, read_place, write_place
from functions.domain.operator import require_operator
from functions.use_cases.get_dead_letter import get_dead_letter
from functions.use_cases.list_dead_letters import list_dead_letters, list_incidents
from functions.use_cases.replay_dead_letter import replay_dead_letter
from functions.use_cases.replay_incident import ReplayPage, replay_incident

_Entry = TypeVar("_Entry")


async def _list(call: Call) -> Answer:
    caller, app_id = await call.caller(), str(call.app_id)
    require_operator(caller, app_id)
    wanted = read_letter_filter(call.query)
    if wanted.is_grouped:
        incidents = await list_incidents(call.services, caller, app_id, wanted)
        return _page("incidents", incidents, incident_json, _incident_place, wanted.limit)
    letters = await list_dead_letters(call.services, caller, app_id, wanted)
    return _page("dead_letters", letters, letter_json, _letter_place, wanted.limit)


async def _get(call: Call) -> Answer:
    caller, app_id = await call.caller(), str(call.app_id)
    require_operator(caller, app_id)
    letter, job = await get_dead_letter(call.services, caller, app_id, path_id(call, "letter"))
    return Answer(200, letter_detail_json(letter, job))


async def _replay(call: Call) -> Answer:
    caller, app_id = await call.caller(), str(call.app_id)
    require_operator(caller, app_id)
    inputs = read_replay(call.body() if call.request.get_body() else {})
    key = (app_id, path_id(call, "letter"))
    job = await replay_dead_letter(call.services, caller, call.trace, key, inputs)
    body: JsonObject = {
        "id": str(key[1]),
        "replayed_as": str(job.job_id),
        "tenant_id": str(job.tenant_id),
        "links": {"self": f"/{app_id}/dead-letters/{key[1]}"},
    }
    return Answer(202, body)


async def _replay_all(call: Call) -> Answer:
    caller, app_id = await call.caller(), str(call.app_id)
    require_operator(caller, app_id)
    fingerprint, limit, cursor = read_replay_all(call.body())
    page = ReplayPage(app_id, fingerprint, limit, None if cursor is None else read_place(cursor))
    outcomes = await replay_incident(call.services, caller, call.trace, page)
    return _page("outcomes", outcomes, outcome_json, lambda outcome: outcome.place, limit)


def _page(
    name: str,
    entries: Sequence[_Entry],
    to_json: Callable[[_Entry], JsonObject],
    place: Callable[[_Entry], Place],
    limit: int,
) -> Answer:
    """A full page names the cursor of the next one, which may be empty."""
    cursor = write_place(place(entries[-1])) if len(entries) == limit else None
    return Answer(200, {name: [to_json(entry) for entry in entries], "next_cursor": cursor})


def _letter_place(letter: DeadLetter) -> Place:
    return Place(letter.created_at, letter.id)


def _incident_place(incident: Incident) -> Place:
    return Place(incident.last_seen_at, UUID(hex=incident.fingerprint))


_ROUTE = "{app_id}/dead-letters"

OPERATIONS = (
    Operation(
        "list_dead_letters",
        "GET",
        _ROUTE,
        "List dead letters, or their fingerprints (operators)",
        _list,
        answers={200: "DeadLetterPage"},
        problems=("schema_violation", "forbidden", "rate_limited"),
        parameters=("reason", "fingerprint", "code", "group", "limit", "cursor"),
    ),
    Operation(
        "get_dead_letter",
        "GET",
        f"{_ROUTE}/{{letter_id}}",
        "Inspect a dead letter (operators)",
        _get,
        answers={200: "DeadLetterDetail"},
        problems=("forbidden", "not_found", "rate_limited"),
    ),
    Operation(
        "replay_dead_letter",
        "POST",
        f"{_ROUTE}/{{letter_id}}/replay",
        "Replay a dead letter, with other inputs if need be (operators)",
        _replay,
        answers={202: "Replayed"},
        problems=(
            "invalid_json",
            "schema_violation",
            "domain_violation",
            "forbidden",
            "not_found",
            "definition_not_found",
            "invalid_state",
            "payload_too_large",
        ),
        body="Replay",
    ),
    Operation(
        "replay_dead_letters",
        "POST",
        f"{_ROUTE}/replay",
        "Replay a page of the dead letters of one fingerprint (operators)",
        _replay_all,
        answers={200: "ReplayPage"},
        problems=("invalid_json", "schema_violation", "forbidden", "payload_too_large"),
        body="ReplayAll",
    ),
)
