"""Work that ends when the client goes away: nobody solves for nobody."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar, cast

from starlette.requests import Request
from starlette.types import Message

T = TypeVar("T")


class ClientGoneError(Exception):
    """The client closed the connection before the answer was there."""


async def until_disconnect(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Run `work`; cancel it when the client disconnects. The body has to be read before.

    The work runs in the request's own task, which a disconnect cancels, as `asyncio.timeout` would.

    Raises:
        ClientGoneError: the client left; the work is cancelled and has ended.
    """
    this = cast("asyncio.Task[object]", asyncio.current_task())
    has_left = is_over = False

    def leave(_: asyncio.Future[Message]) -> None:
        nonlocal has_left
        if not is_over:  # it may have been called already when the work ended
            has_left = True
            this.cancel()

    # The body is read, so the only message left is the disconnect.
    watching = asyncio.ensure_future(request.receive())
    watching.add_done_callback(leave)
    try:
        return await work
    except asyncio.CancelledError:
        # Another's wish to cancel this task stays one.
        if has_left and this.uncancel() == 0:
            raise ClientGoneError from None
        raise
    finally:
        is_over = True
        watching.cancel()
