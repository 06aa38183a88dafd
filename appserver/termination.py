"""SIGTERM begins an orderly end; the server's own handler has the last word.

Source: uvicorn, `Server.handle_exit`, which stops listening at once and finishes open requests.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def draining_on_sigterm(drain: Callable[[], Coroutine[Any, Any, None]]) -> Generator[None]:
    """Run `drain` at the first SIGTERM and pass the signal on afterwards; pass on a second at once.

    Only a process's main thread hears signals; elsewhere nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    earlier = signal.getsignal(signal.SIGTERM)
    draining: asyncio.Task[None] | None = None

    def pass_on() -> None:
        signal.signal(signal.SIGTERM, earlier)
        signal.raise_signal(signal.SIGTERM)

    async def drain_and_pass_on() -> None:
        try:
            await drain()
        finally:
            pass_on()

    def begin() -> None:
        nonlocal draining
        if draining is None:
            draining = asyncio.create_task(drain_and_pass_on())
        else:
            pass_on()

    def hear(_number: int, _frame: FrameType | None) -> None:
        # A handler may run between any two lines: the loop does the rest.
        loop.call_soon_threadsafe(begin)

    signal.signal(signal.SIGTERM, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)
