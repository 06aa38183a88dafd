"""`POST /gh/{definition}:{version}/solve`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appserver.routes.asked import bind_contract, read_asked
from appserver.routes.disconnect import ClientGoneError, until_disconnect
from appserver.services import Services
from appserver.use_cases.admit import admit
from appserver.use_cases.solve import recall, solve

CLIENT_CLOSED = 499
MEMO_HEADER = "x-kuduso-memo"


def build(services: Services) -> list[Route]:
    """The route over these services."""

    async def post_solve(request: Request) -> Response:
        asked = await read_asked(request)
        bind_contract(services, asked)
        order = admit(services, asked.caller, asked.named, asked.inputs)
        remembered = recall(services, order)
        if remembered is not None:
            return _answer(remembered, "hit")
        try:
            answer = await until_disconnect(request, solve(services, order))
        except ClientGoneError:
            return Response(status_code=CLIENT_CLOSED)
        return _answer(answer, "miss")

    return [Route("/gh/{definition}:{version}/solve", post_solve, methods=["POST"])]


def _answer(document: bytes, memo: str) -> Response:
    return Response(document, headers={MEMO_HEADER: memo}, media_type="application/json")
