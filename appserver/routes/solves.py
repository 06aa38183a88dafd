"""`GET` and `DELETE /solves/{solve_id}`: solves that nobody waits for."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from appserver.callbacks.long_solves import LongSolve
from appserver.services import Services
from contracts.wire.grant import GRANT_HEADER


def build(services: Services) -> list[Route]:
    """The routes over these services; both need a grant for the solve's own app and tenant."""

    def find(request: Request) -> LongSolve:
        found = services.long_solves.find(request.path_params["solve_id"])
        grant = request.headers.get(GRANT_HEADER)
        services.gate.check_grant(grant, found.app_id, found.tenant_id)
        return found

    async def get_solve(request: Request) -> Response:
        return JSONResponse(find(request).to_json())

    async def delete_solve(request: Request) -> Response:
        found = find(request)
        found.cancel("cancelled")
        return JSONResponse(found.to_json())

    path = "/solves/{solve_id}"
    return [
        Route(path, get_solve, methods=["GET"]),
        Route(path, delete_solve, methods=["DELETE"]),
    ]
