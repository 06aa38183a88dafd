"""HTTP: liveness, readiness, and what answers when no other route does."""

from typing import cast

from contracts.model import JsonObject
from functions.blueprints.edge import Answer, Call
from functions.blueprints.operations import Operation
from functions.domain.errors import NotFoundError
from functions.use_cases.check_readiness import check_readiness


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


# Health needs no token and tells no secret. The host tries routes in the order of their function's
# names, so the catch-all begins with z.
OPERATIONS = (
    Operation(
        "health",
        "GET",
        "health",
        "Whether this process lives",
        _health,
        answers={200: "Health"},
        is_public=True,
    ),
    Operation(
        "health_ready",
        "GET",
        "health/ready",
        "Whether database, queue and AppServer answer",
        _ready,
        answers={200: "Readiness", 503: "Readiness"},
        is_public=True,
    ),
    *(
        Operation(
            f"z_unknown_{method.lower()}",
            method,
            "{*path}",
            "What answers when nothing else does",
            _unknown,
            is_public=True,
            is_described=False,
        )
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    ),
)
