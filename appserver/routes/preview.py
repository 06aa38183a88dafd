"""`POST /preview/{definition}:{version}`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appserver.routes.asked import bind_contract, read_asked
from appserver.routes.disconnect import ClientGoneError, until_disconnect
from appserver.routes.solve import CLIENT_CLOSED
from appserver.services import Services
from appserver.use_cases.preview import preview
from contracts.wire.preview import HINT_HEADER

HINT = "Nothing was solved near these inputs in time: ask again, or run a job."


def build(services: Services) -> list[Route]:
    """The route over these services."""

    async def post_preview(request: Request) -> Response:
        asked = await read_asked(request)
        bind_contract(services, asked)
        work = preview(services, asked.caller, asked.named, asked.inputs)
        try:
            answer = await until_disconnect(request, work)
        except ClientGoneError:
            return Response(status_code=CLIENT_CLOSED)
        if answer is None:
            return Response(status_code=204, headers={HINT_HEADER: HINT})
        return Response(answer, media_type="application/json")

    return [Route("/preview/{definition}:{version}", post_preview, methods=["POST"])]
