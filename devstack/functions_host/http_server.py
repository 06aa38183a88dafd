"""An HTTP server that leaves signals to the host."""

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.types import ASGIApp


class _Server(uvicorn.Server):
    """The host has more than HTTP to stop, so it hears the signals itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class HttpServer:
    """Serves one application on one listening socket."""

    def __init__(self, application: ASGIApp) -> None:
        config = uvicorn.Config(
            application, log_config=None, access_log=False, lifespan="off", ws="none"
        )
        self._server = _Server(config)
        self._serving: asyncio.Task[None] | None = None

    def start(self, listener: socket.socket) -> None:
        """Accept requests."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))

    def stop_accepting(self) -> None:
        """Accept no more; answers that are under way are sent."""
        self._server.should_exit = True

    async def ended(self) -> None:
        """Return when the last answer is sent."""
        if self._serving is not None:
            await self._serving
