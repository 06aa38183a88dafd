"""What a tenant sees of its webhook endpoints and of what was sent to them."""

from contracts.model import JsonObject
from functions.domain.job_resource import instant
from functions.domain.webhook import Delivery, Endpoint


def webhook_path(app_id: str, endpoint_id: object) -> str:
    """Where the endpoint is read."""
    return f"/{app_id}/webhooks/{endpoint_id}"


def webhook_json(endpoint: Endpoint) -> JsonObject:
    """The endpoint; its secret only where it has one to show."""
    path = webhook_path(endpoint.app_id, endpoint.id)
    body: JsonObject = {
        "id": str(endpoint.id),
        "app_id": endpoint.app_id,
        "url": endpoint.url,
        "event_types": [*endpoint.event_types],
        "enabled": endpoint.is_enabled,
        "disabled_reason": endpoint.disabled_reason,
        "created_at": instant(endpoint.created_at),
        "previous_secret_expires_at": instant(endpoint.previous_secret_expires_at),
        "links": {"self": path, "deliveries": f"{path}/deliveries"},
    }
    return body if endpoint.secret is None else body | {"secret": endpoint.secret}


def delivery_json(app_id: str, delivery: Delivery) -> JsonObject:
    """One entry of the log; `id` is the `webhook-id` that the receiver gets."""
    return {
        "id": str(delivery.id),
        "webhook_id": str(delivery.endpoint_id),
        "job_id": str(delivery.job_id),
        "callback_url": delivery.callback_url,
        "event_type": delivery.event_type,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "next_attempt_at": instant(delivery.next_attempt_at),
        "last_status_code": delivery.last_status_code,
        "last_error": delivery.last_error,
        "created_at": instant(delivery.created_at),
        "delivered_at": instant(delivery.delivered_at),
        "body": delivery.body,
        "links": {
            "webhook": webhook_path(app_id, delivery.endpoint_id),
            "job": f"/{app_id}/jobs/{delivery.job_id}",
            "redeliver": f"/{app_id}/webhooks/deliveries/{delivery.id}/redeliver",
        },
    }
