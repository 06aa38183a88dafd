"""`POST /gh/{definition}:{version}/solve`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appserver.routes.asked import bind_contract, read_asked
from appserver.routes.disconnect import ClientGoneError, until_disconnect
from appserver.services import Services
from appserver.use_cases.admit import admit
from appserver.use_cases.solve import remembered, solve
from appserver.use_cases.solve_later import solve_later
from contracts.wire.solve_callback import AcceptedSolve

CLIENT_CLOSED = 499
ASYNC = "respond-async"
MEMO_HEADER = "x-kuduso-memo"


def build(services: Services) -> list[Route]:
    """The route over these services."""

    async def post_solve(request: Request) -> Response:
        asked = await read_asked(request)
        bind_contract(services, asked)
        order = admit(services, asked.caller, asked.named, asked.inputs)
        if _is_async(request):
            begun = solve_later(services, order, asked.callback, services.make_id())
            return _accepted(begun.solve_id)
        known = remembered(services, order)
        if known is not None:
            return _answer(known.answer, "hit")
        try:
            answer = await until_disconnect(request, solve(services, order))
        except ClientGoneError:
            return Response(status_code=CLIENT_CLOSED)
        return _answer(answer, "miss")

    return [Route("/gh/{definition}:{version}/solve", post_solve, methods=["POST"])]


def _is_async(request: Request) -> bool:
    """Whether nobody will wait; other preferences are ignored (RFC 7240)."""
    preferences = ",".join(request.headers.getlist("prefer")).split(",")
    return any(one.partition(";")[0].strip().lower() == ASYNC for one in preferences)


def _accepted(solve_id: str) -> Response:
    headers = {"location": f"/solves/{solve_id}", "preference-applied": ASYNC}
    body = AcceptedSolve(solve_id=solve_id).model_dump_json()
    return Response(body, 202, headers, "application/json")


def _answer(document: bytes, memo: str) -> Response:
    return Response(document, headers={MEMO_HEADER: memo}, media_type="application/json")
