"""HTTP: register webhook endpoints, rotate their secrets, read and repeat deliveries."""

from uuid import UUID

from contracts.wire.webhook import read_webhook, read_webhook_change
from functions.blueprints.edge import Answer, Call
from functions.blueprints.operations import Operation
from functions.blueprints.path_ids import path_id
from functions.blueprints.webhook_view import delivery_json, webhook_json, webhook_path
from functions.domain.page_limit import read_limit
from functions.domain.preferences import bad_parameter
from functions.use_cases.change_webhook import change_webhook
from functions.use_cases.create_webhook import create_webhook
from functions.use_cases.delete_webhook import delete_webhook
from functions.use_cases.get_webhook import get_webhook, list_webhooks
from functions.use_cases.list_webhook_deliveries import list_webhook_deliveries
from functions.use_cases.redeliver_webhook import redeliver_webhook
from functions.use_cases.rotate_webhook_secret import rotate_webhook_secret

_UNKEPT = {"Cache-Control": "private, no-store"}
_BAD_BODY = ("invalid_json", "schema_violation", "domain_violation", "payload_too_large")


async def _create(call: Call) -> Answer:
    caller, app_id = await call.caller(), str(call.app_id)
    wanted = read_webhook(call.body())
    endpoint = await create_webhook(call.services, caller, app_id, wanted)
    location = {"Location": webhook_path(app_id, endpoint.id)}
    return Answer(201, webhook_json(endpoint), {**_UNKEPT, **location})


async def _list(call: Call) -> Answer:
    caller = await call.caller()
    endpoints = await list_webhooks(call.services, caller, str(call.app_id))
    return Answer(200, {"webhooks": [webhook_json(endpoint) for endpoint in endpoints]})


async def _get(call: Call) -> Answer:
    caller, endpoint_id = await call.caller(), path_id(call, "webhook")
    endpoint = await get_webhook(call.services, caller, str(call.app_id), endpoint_id)
    return Answer(200, webhook_json(endpoint))


async def _change(call: Call) -> Answer:
    caller, endpoint_id = await call.caller(), path_id(call, "webhook")
    change = read_webhook_change(call.body())
    endpoint = await change_webhook(call.services, caller, str(call.app_id), endpoint_id, change)
    return Answer(200, webhook_json(endpoint))


async def _delete(call: Call) -> Answer:
    caller, endpoint_id = await call.caller(), path_id(call, "webhook")
    await delete_webhook(call.services, caller, str(call.app_id), endpoint_id)
    return Answer(204, {})


async def _rotate(call: Call) -> Answer:
    caller, endpoint_id = await call.caller(), path_id(call, "webhook")
    endpoint = await rotate_webhook_secret(call.services, caller, str(call.app_id), endpoint_id)
    return Answer(200, webhook_json(endpoint), _UNKEPT)


async def _list_deliveries(call: Call) -> Answer:
    caller, app_id, endpoint_id = await call.caller(), str(call.app_id), path_id(call, "webhook")
    limit, before = read_limit(call.query.get("limit")), _cursor(call)
    log = await list_webhook_deliveries(
        call.services, caller, app_id, endpoint_id, before=before, limit=limit
    )
    path = f"{webhook_path(app_id, endpoint_id)}/deliveries"
    following = f"{path}?limit={limit}&cursor={log[-1].id}" if len(log) == limit else None
    headers = {} if following is None else {"Link": f'<{following}>; rel="next"'}
    entries = [delivery_json(app_id, delivery) for delivery in log]
    return Answer(200, {"deliveries": [*entries], "next": following}, headers)


async def _redeliver(call: Call) -> Answer:
    caller, app_id, delivery_id = await call.caller(), str(call.app_id), path_id(call, "delivery")
    delivery = await redeliver_webhook(call.services, caller, app_id, delivery_id)
    return Answer(202, delivery_json(app_id, delivery))


def _cursor(call: Call) -> UUID | None:
    text = call.query.get("cursor")
    try:
        return None if text is None else UUID(text)
    except ValueError as error:
        raise bad_parameter("cursor", "Is none of ours; follow the link of a page.") from error


_ONE = "{app_id}/webhooks/{webhook_id}"

OPERATIONS = (
    Operation(
        "create_webhook",
        "POST",
        "{app_id}/webhooks",
        "Register an endpoint that hears of the ends of jobs; shows its secret once",
        _create,
        answers={201: "WebhookWithSecret"},
        problems=(*_BAD_BODY, "forbidden", "not_found", "invalid_state"),
        body="NewWebhook",
    ),
    Operation(
        "list_webhooks",
        "GET",
        "{app_id}/webhooks",
        "List endpoints",
        _list,
        answers={200: "WebhookList"},
        problems=("forbidden", "not_found"),
    ),
    Operation(
        "get_webhook",
        "GET",
        _ONE,
        "Read an endpoint",
        _get,
        answers={200: "Webhook"},
        problems=("forbidden", "not_found"),
    ),
    Operation(
        "change_webhook",
        "PATCH",
        _ONE,
        "Change an endpoint; disabling it ends what it was still to get",
        _change,
        answers={200: "Webhook"},
        problems=(*_BAD_BODY, "forbidden", "not_found", "invalid_state"),
        body="WebhookChange",
    ),
    Operation(
        "delete_webhook",
        "DELETE",
        _ONE,
        "Delete an endpoint with its deliveries; again: 204 as well",
        _delete,
        answers={204: None},
        problems=("forbidden", "not_found"),
    ),
    Operation(
        "rotate_webhook_secret",
        "POST",
        f"{_ONE}/rotate",
        "Make a fresh secret, shown once; the one before signs beside it for 24 hours",
        _rotate,
        answers={200: "WebhookWithSecret"},
        problems=("forbidden", "not_found"),
    ),
    Operation(
        "list_webhook_deliveries",
        "GET",
        f"{_ONE}/deliveries",
        "List what was sent to an endpoint, newest first",
        _list_deliveries,
        answers={200: "WebhookDeliveryList"},
        problems=("schema_violation", "forbidden", "not_found"),
        parameters=("limit", "cursor"),
    ),
    Operation(
        "redeliver_webhook",
        "POST",
        "{app_id}/webhooks/deliveries/{delivery_id}/redeliver",
        "Send a delivery again, under the same id; one that is pending stays as it is",
        _redeliver,
        answers={202: "WebhookDelivery"},
        problems=("forbidden", "not_found", "invalid_state"),
    ),
)
