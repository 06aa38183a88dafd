"""Refuse bodies over the limit before they are in memory."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from appserver.domain.errors import BodyTooLargeError


class BodyLimit:
    """Whoever reads too large a body gets `BodyTooLargeError`; the route's handlers answer it."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        declared = int(length) if length.isdecimal() else 0
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            self._check(declared)
            message = await receive()
            # A chunked body declares no length.
            received += len(message.get("body", b""))
            self._check(received)
            return message

        await self._app(scope, receive_limited, send)

    def _check(self, size: int) -> None:
        if size > self._max_bytes:
            raise BodyTooLargeError(f"At most {self._max_bytes} bytes are accepted.")
