"""HTTP: what an app can run, and how much of it."""

from functions.blueprints.edge import Answer, Call
from functions.blueprints.operations import Operation
from functions.use_cases.describe_contract import describe_contract
from functions.use_cases.describe_contracts import describe_contracts
from functions.use_cases.describe_limits import describe_limits

_CACHE = {"Cache-Control": "private, max-age=60"}


async def _list(call: Call) -> Answer:
    caller = await call.caller()
    return Answer(200, describe_contracts(call.services, caller, str(call.app_id)), _CACHE)


async def _get(call: Call) -> Answer:
    caller = await call.caller()
    version = call.request.route_params.get("version", "")
    definition = call.query.get("definition")
    app_id = str(call.app_id)
    return Answer(
        200, describe_contract(call.services, caller, app_id, definition, version), _CACHE
    )


async def _limits(call: Call) -> Answer:
    caller = await call.caller()
    limits = await describe_limits(call.services, caller, str(call.app_id))
    return Answer(200, limits, {"Cache-Control": "private, no-cache"})


OPERATIONS = (
    Operation(
        "list_contracts",
        "GET",
        "{app_id}/contracts",
        "List what the app can run",
        _list,
        answers={200: "ContractList"},
        problems=("forbidden", "not_found", "rate_limited"),
    ),
    Operation(
        "get_contract",
        "GET",
        "{app_id}/contracts/{version}",
        "Read one contract with its schemas; the version may be `stable`",
        _get,
        answers={200: "Contract"},
        problems=("forbidden", "not_found", "rate_limited", "definition_not_found"),
        parameters=("definition",),
    ),
    Operation(
        "get_limits",
        "GET",
        "{app_id}/limits",
        "Read seats, rates, this tenant's jobs and the probable wait",
        _limits,
        answers={200: "Limits"},
        problems=("forbidden", "not_found", "rate_limited"),
    ),
)
