"""The host's own count of an orchestrator's tasks.

Source: TaskOrchestrationContext.cs of https://github.com/Azure/durabletask
"""

from collections.abc import Callable, Generator
from datetime import UTC, datetime
from typing import Any

from devstack.functions_host.durable.decisions import (
    CreateTimer,
    Decision,
    ScheduleActivity,
    StartChild,
)


class HostTask:
    """A task of the host's replay; `value` is the raw JSON of a result."""

    def __init__(self) -> None:
        self.is_done = self.has_failed = False
        self._listeners: list[Callable[[], None]] = []

    def resolve(self, *, has_failed: bool = False) -> None:
        """End the task; a second end is ignored."""
        if self.is_done:
            return
        self.is_done, self.has_failed = True, has_failed
        for listener in self._listeners:
            listener()

    def then(self, listener: Callable[[], None]) -> None:
        """Call back at the end, or now if it is over."""
        if self.is_done:
            listener()
        else:
            self._listeners.append(listener)


Walk = Generator[HostTask, None, bool]
"""Yields the tasks that it waits for; returns whether it failed."""


def spawn(walk: Walk) -> HostTask:
    """Run a walk up to each open task, and on when that ends."""
    whole = HostTask()

    def step() -> None:
        while True:
            try:
                awaited = next(walk)
            except StopIteration as stop:
                whole.resolve(has_failed=bool(stop.value))
                return
            if not awaited.is_done:
                awaited.then(step)
                return

    step()
    return whole


class UnknownFunctionError(Exception):
    """The app has no such function.

    The real extension leaves an instance that calls an unknown activity Running for ever; here it
    fails, so that a slip of the pen is seen.
    """

    code = "unknown_function"


class TaskBook:
    """Numbers activities, timers and sub-orchestrations, and knows which are open.

    Attributes:
        now: the instant of the present episode.
        decisions: those that the history does not show yet, by number.
        open: tasks without a result, by number.
        continued_input: set by continue_as_new; its element is the raw JSON input.
    """

    def __init__(self, execution_id: str, knows: Callable[[str, str], bool]) -> None:
        self.now = datetime.min.replace(tzinfo=UTC)
        self.decisions: dict[int, Decision] = {}
        self.open: dict[int, HostTask] = {}
        self.continued_input: tuple[str | None] | None = None
        self._execution_id, self._knows = execution_id, knows
        self._count = 0
        self._waiting: dict[str, list[HostTask]] = {}
        self._buffered: dict[str, int] = {}

    def take_number(self) -> int:
        """The next number."""
        self._count += 1
        return self._count - 1

    def activity(self, name: str, arguments: str) -> HostTask:
        """Call an activity."""
        self._require("activity", name)
        return self._decide(ScheduleActivity(self.take_number(), name, arguments))

    def timer(self, fire_at: datetime) -> HostTask:
        """Create a timer."""
        return self._decide(CreateTimer(self.take_number(), fire_at))

    def cancelled_timer(self, fire_at: datetime) -> HostTask:
        """Create a timer that is over: the real extension creates cancelled ones, too."""
        timer = self.timer(fire_at)
        del self.open[self._count - 1]
        timer.resolve(has_failed=True)
        return timer

    def child(self, action: dict[str, Any], raw_input: str | None) -> HostTask:
        """Call a sub-orchestrator."""
        self._require("orchestrator", str(action["functionName"]))
        number = self.take_number()
        instance_id = action.get("instanceId") or f"{self._execution_id}:{number}"
        return self._decide(
            StartChild(
                number, action["functionName"], instance_id, raw_input, action.get("version")
            )
        )

    def wait(self, event_name: str) -> HostTask:
        """Wait for an external event; names are compared without case, as in the extension."""
        key, task = event_name.lower(), HostTask()
        self._waiting.setdefault(key, []).append(task)
        if self._buffered.get(key):
            self._buffered[key] -= 1
            self.raise_event(event_name)
        return task

    def raise_event(self, event_name: str) -> None:
        """Give an event to the newest waiter, or keep it for the next one."""
        key = event_name.lower()
        if self._waiting.get(key):
            self._waiting[key].pop().resolve()
        else:
            self._buffered[key] = self._buffered.get(key, 0) + 1

    def close(self, number: int, *, has_failed: bool = False) -> None:
        """The history shows the end of a task."""
        task = self.open.pop(number, None)
        if task is not None:
            task.resolve(has_failed=has_failed)

    def _decide(self, decision: Decision) -> HostTask:
        self.decisions[decision.number] = decision
        self.open[decision.number] = task = HostTask()
        return task

    def _require(self, kind: str, name: str) -> None:
        if not self._knows(kind, name):
            raise UnknownFunctionError(
                f"The function '{name}' doesn't exist, is disabled, or is not an {kind} function."
            )
