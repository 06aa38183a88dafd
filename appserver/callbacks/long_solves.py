"""The solves of this process that nobody waits for; those that ended last are remembered."""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from appserver.admission.errors import SeatsExhaustedError, UnknownSolveError
from contracts.model import JsonObject

SolveState = Literal["running", "succeeded", "failed", "cancelled"]
EndReason = Literal["cancelled", "drained"]
MAX_RUNNING = 500
MAX_ENDED = 1000
RETRY_AFTER_S = 10


@dataclass(slots=True)
class LongSolve:
    """One solve; `ended_by` says who cancelled it, `is_reported` whether the receiver knows."""

    solve_id: str
    app_id: str
    tenant_id: UUID
    state: SolveState = "running"
    is_reported: bool = False
    ended_by: EndReason | None = None
    task: asyncio.Task[None] | None = None

    def to_json(self) -> JsonObject:
        """What `GET /solves/{solve_id}` shows."""
        return {"solve_id": self.solve_id, "state": self.state, "reported": self.is_reported}

    def cancel(self, reason: EndReason) -> None:
        """End the work, if it still runs; the first reason counts."""
        if self.state == "running" and self.ended_by is None:
            self.ended_by = reason
            if self.task is not None:
                self.task.cancel()


@dataclass(frozen=True, slots=True)
class LongSolves:
    """By id. Nothing here outlives the process: a caller's deadline notices when it dies."""

    _running: dict[str, LongSolve] = field(default_factory=dict[str, LongSolve])
    _ended: OrderedDict[str, LongSolve] = field(default_factory=OrderedDict[str, LongSolve])

    def begin(self, solve: LongSolve, work: Coroutine[Any, Any, None]) -> None:
        """Run the work until it ends.

        Raises:
            SeatsExhaustedError: as many as may be are running.
        """
        if len(self._running) >= MAX_RUNNING:
            work.close()
            raise SeatsExhaustedError("Too many long solves are running.", RETRY_AFTER_S)
        self._running[solve.solve_id] = solve
        solve.task = asyncio.create_task(work)
        solve.task.add_done_callback(lambda _: self._end(solve))

    def find(self, solve_id: str) -> LongSolve:
        """One solve.

        Raises:
            UnknownSolveError: there is none, or it ended long ago.
        """
        found = self._running.get(solve_id) or self._ended.get(solve_id)
        if found is None:
            raise UnknownSolveError("There is no such solve here.")
        return found

    def __len__(self) -> int:
        return len(self._running)

    async def finish(self, grace_s: float) -> None:
        """Wait for what runs; after the grace, end it and wait for the reports about that."""
        tasks = [solve.task for solve in self._running.values() if solve.task is not None]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=grace_s)
        for solve in [*self._running.values()]:
            solve.cancel("drained")
        if late:
            await asyncio.wait(late)

    def _end(self, solve: LongSolve) -> None:
        del self._running[solve.solve_id]
        self._ended[solve.solve_id] = solve
        if len(self._ended) > MAX_ENDED:
            self._ended.popitem(last=False)
