"""Work that nobody waits for, begun as soon as it is asked for.

A process may end before an errand does, so each has a timer that does what is left.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context

PAUSE_S = 0.25
MAX_RUNNING = 8


class Errands:
    """Begins an errand at most every PAUSE_S: what is asked for meanwhile shares the next one.

    An errand that takes long holds up none that is asked for later, until MAX_RUNNING of its name
    run.
    """

    def __init__(self, pause_s: float = PAUSE_S) -> None:
        self._pause_s = pause_s
        self._waiting: set[str] = set()
        self._next_at_s: dict[str, float] = {}
        self._running: dict[str, set[asyncio.Task[None]]] = {}

    def ask(self, name: str, errand: Callable[[], Awaitable[None]]) -> None:
        """Run it soon, outside of the present request; it sees whatever is committed by now."""
        running = self._running.setdefault(name, set())
        if name in self._waiting or len(running) >= MAX_RUNNING:
            return
        self._waiting.add(name)
        # A context of its own: neither the log's fields nor the span of who asked are its.
        task = asyncio.get_running_loop().create_task(self._run(name, errand), context=Context())
        running.add(task)
        task.add_done_callback(running.discard)

    async def _run(self, name: str, errand: Callable[[], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._next_at_s.get(name, 0.0) - loop.time())
        self._next_at_s[name] = loop.time() + self._pause_s
        self._waiting.discard(name)
        await errand()

    async def close(self) -> None:
        """Stop what runs: its timer goes on with it."""
        tasks = [task for running in self._running.values() for task in running]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
