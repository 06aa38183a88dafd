"""What nobody foresaw: logged with its trace, answered with `internal` and nothing else."""

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contracts.wire.problem import MEDIA_TYPE, Problem

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


class UnexpectedErrors:
    """Answers with a problem document unless an answer has begun."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run one request."""
        has_begun = False

        async def send_noticed(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_noticed)
        except Exception:
            if scope["type"] != "http" or has_begun:
                raise
            _log.exception("request_failed", code="internal")
            await _answer_internal(scope["state"]["trace"].correlation_id, send)


async def _answer_internal(correlation_id: str, send: Send) -> None:
    problem = Problem("internal", "The failure is logged under the correlation id.", correlation_id)
    structlog.contextvars.bind_contextvars(code=problem.code)
    headers = [(b"content-type", MEDIA_TYPE.encode())]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(problem.to_json())})
