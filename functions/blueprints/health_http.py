"""HTTP: liveness, readiness, and what answers when no other route does."""

from typing import cast

import azure.functions as func

from contracts.model import JsonObject
from functions.blueprints.edge import Answer, Call, Edge
from functions.domain.errors import NotFoundError
from functions.services import Services
from functions.use_cases.check_readiness import check_readiness


def build(services: Services) -> func.Blueprint:
    """Health endpoints need no token; they tell no secret.

    The host tries routes in the order of their function's names, so the catch-all begins with z.
    """
    blueprint = func.Blueprint()
    edge = Edge(services, blueprint)
    edge.register("health", "GET", "health", _health)
    edge.register("health_ready", "GET", "health/ready", _ready)
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        edge.register(f"z_unknown_{method.lower()}", method, "{*path}", _unknown)
    return blueprint


async def _health(_call: Call) -> Answer:
    return Answer(200, {"status": "alive"})


async def _ready(call: Call) -> Answer:
    checks = await check_readiness(call.services)
    is_ready = all(state == "ok" for state in checks.values())
    body: JsonObject = {
        "status": "ready" if is_ready else "not_ready",
        "checks": cast("JsonObject", checks),
    }
    return Answer(200 if is_ready else 503, body)


async def _unknown(call: Call) -> Answer:
    raise NotFoundError(f"Nothing answers {call.request.method} at this address.")
