"""`DELETE /memo/{app_id}/{tenant_id}` forgets a tenant's answers; `GET /health/memo` counts."""

from uuid import UUID

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from appserver.services import Services
from appserver.use_cases.describe_memo import describe_memo
from contracts.wire.grant import GRANT_HEADER

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


def build(services: Services) -> list[Route]:
    """The route over these services; what this process holds, no other one's."""

    async def delete_memo(request: Request) -> Response:
        app_id: str = request.path_params["app_id"]
        tenant_id: UUID = request.path_params["tenant_id"]
        services.gate.check_grant(request.headers.get(GRANT_HEADER), app_id, tenant_id)
        count = services.memo.purge(app_id, str(tenant_id))
        _log.info("memo_purged", app_id=app_id, tenant_id=str(tenant_id), count=count)
        return JSONResponse({"purged": count})

    async def get_memo(_: Request) -> Response:
        return JSONResponse(describe_memo(services.memo))

    return [
        Route("/health/memo", get_memo, methods=["GET"]),
        Route("/memo/{app_id}/{tenant_id:uuid}", delete_memo, methods=["DELETE"]),
    ]
