"""Work that ends when the client goes away: nobody solves for nobody."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar, cast

from starlette.requests import Request
from starlette.types import Message

T = TypeVar("T")
# A watch costs as much as a tenth of a short solve, which is over before anybody leaves.
_UNWATCHED_S = 0.02


class ClientGoneError(Exception):
    """The client closed the connection before the answer was there."""


async def until_disconnect(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Run `work`; cancel it when the client disconnects. The body has to be read before.

    The work runs in the request's own task, which a disconnect cancels, as `asyncio.timeout` would.
    Who leaves in the first moments is noticed when they are over.

    Raises:
        ClientGoneError: the client left; the work is cancelled and has ended.
    """
    this = cast("asyncio.Task[object]", asyncio.current_task())
    watching: asyncio.Future[Message] | None = None
    has_left = is_over = False

    def watch() -> None:
        nonlocal watching
        # The body is read, so the only message left is the disconnect.
        watching = asyncio.ensure_future(request.receive())
        watching.add_done_callback(leave)

    def leave(_: asyncio.Future[Message]) -> None:
        nonlocal has_left
        if not is_over:  # it may have been called already when the work ended
            has_left = True
            this.cancel()

    soon = asyncio.get_running_loop().call_later(_UNWATCHED_S, watch)
    try:
        return await work
    except asyncio.CancelledError:
        # Another's wish to cancel this task stays one.
        if has_left and this.uncancel() == 0:
            raise ClientGoneError from None
        raise
    finally:
        is_over = True
        soon.cancel()
        if watching is not None:
            watching.cancel()
