"""Work that ends when the client goes away: nobody solves for nobody."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

T = TypeVar("T")


class ClientGoneError(Exception):
    """The client closed the connection before the answer was there."""


async def until_disconnect(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Run `work`; cancel it when the client disconnects. The body has to be read before.

    Raises:
        ClientGoneError: the client left; the work is cancelled and has ended.
    """
    working = asyncio.ensure_future(work)
    # The body is read, so the only message left is the disconnect.
    watching = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientGoneError
    finally:
        watching.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait((working,))
