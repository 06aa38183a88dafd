"""The host's half of an episode: which actions of the SDK are new, and whether the instance ends.

The SDK returns every action since the start of the execution, without numbers. The host replays
them against the history with its own numbers. What Azure gets wrong, this gets wrong, too.
Source: OutOfProcOrchestrationShim.cs of
https://github.com/Azure/azure-functions-durable-extension and TaskOrchestrationExecutor.cs of
https://github.com/Azure/durabletask
"""

from collections.abc import Callable, Sequence
from typing import Any

from devstack.functions_host.durable.actions import UnservedActionError, first_of, invoke
from devstack.functions_host.durable.decisions import Complete, Decision
from devstack.functions_host.durable.history import (
    SCHEDULED,
    Event,
    EventType,
    parse_instant,
)
from devstack.functions_host.durable.outcome import Execution, OrchestratorAnswer, Outcome
from devstack.functions_host.durable.task_book import (
    HostTask,
    TaskBook,
    UnknownFunctionError,
    Walk,
    spawn,
)

_SEEN_WHILE_SUSPENDED = frozenset(
    {EventType.EXECUTION_RESUMED, EventType.EXECUTION_TERMINATED, EventType.EXECUTION_SUSPENDED}
)


class NonDeterministicError(Exception):
    """The orchestrator no longer does what its history shows."""

    code = "orchestrator_not_deterministic"


class HostReplay:
    """Replays one answer against one history; used once."""

    def __init__(self, execution: Execution, answer: OrchestratorAnswer) -> None:
        self._execution, self._answer = execution, answer
        self._book = TaskBook(execution.execution_id, execution.knows)
        self._whole: HostTask | None = None
        self._carried: list[Event] = []
        self._is_suspended = False
        self._held_events: list[Event] = []
        self._held_decisions: dict[int, Decision] = {}
        self._completion: Complete | None = None
        self._seen: dict[EventType, Callable[[Event], None]] = {
            EventType.EXECUTION_STARTED: self._start,
            EventType.EXECUTION_TERMINATED: self._terminate,
            EventType.TASK_COMPLETED: self._end,
            EventType.SUB_ORCHESTRATION_INSTANCE_COMPLETED: self._end,
            EventType.TASK_FAILED: self._fail,
            EventType.SUB_ORCHESTRATION_INSTANCE_FAILED: self._fail,
            EventType.TIMER_FIRED: self._fire,
            EventType.EVENT_RAISED: self._raise_event,
            EventType.EXECUTION_SUSPENDED: self._suspend,
            EventType.EXECUTION_RESUMED: self._resume,
        }

    def run(self, events: Sequence[Event]) -> Outcome:
        """Replay; a workflow that cannot go on fails the instance."""
        try:
            return self.replay(events)
        except (NonDeterministicError, UnknownFunctionError, UnservedActionError) as error:
            number = self._book.take_number()
            return Outcome([Complete(number, "Failed", str(error), "")])

    def replay(self, events: Sequence[Event]) -> Outcome:
        """The same, for a caller who wants the error.

        Raises:
            NonDeterministicError: history and actions do not fit.
            UnknownFunctionError: the app lacks a function.
            UnservedActionError: an action that this hub does not carry out.
        """
        for one in events:
            self._see(one)
        # An open task keeps the instance Running, even a timer that nobody waits for.
        if self._completion is None and not self._book.open and self._whole and self._whole.is_done:
            self._complete(self._ending())
        decisions = self._book.decisions
        ordered: list[Decision] = [decisions[number] for number in sorted(decisions)]
        return Outcome([*ordered, *filter(None, [self._completion])], self._carried)

    def _walk(self) -> Walk:
        state = self._answer.state
        groups: list[list[dict[str, Any]]] = state["actions"]
        if state.get("schemaVersion", 0) == 0:
            for group in groups:
                tasks = [invoke(self._book, action) for action in group]
                if tasks:
                    yield first_of(tasks)
        else:
            (actions,) = groups
            for action in actions:
                # Failures are the business of the orchestrator, not of the host.
                yield invoke(self._book, action)
        if not state.get("isDone") and not state.get("error"):
            yield HostTask()
        return bool(state.get("error"))

    def _ending(self) -> Complete:
        number, error = self._book.take_number(), self._answer.state.get("error")
        if error:
            text = f"Orchestrator function '{self._execution.name}' failed: {error}"
            details = f"Message: {error}, StackTrace: {self._answer.stack}"
            return Complete(number, "Failed", text, details)
        if self._book.continued_input:
            return Complete(number, "ContinuedAsNew", self._book.continued_input[0])
        return Complete(number, "Completed", self._answer.output)

    def _complete(self, completion: Complete) -> None:
        if self._completion is None:
            self._completion = completion

    def _see(self, one: Event) -> None:
        kind = EventType(one["EventType"])
        if kind is EventType.ORCHESTRATOR_STARTED:
            self._book.now = parse_instant(one["Timestamp"])
        elif self._is_suspended and kind not in _SEEN_WHILE_SUSPENDED:
            self._held_events.append(one)
        elif kind in SCHEDULED:
            self._match(one, SCHEDULED[kind])
        elif kind in self._seen:
            self._seen[kind](one)

    def _match(self, one: Event, kind: str) -> None:
        """The history shows a decision that this replay must have come to as well."""
        number, name = int(one["EventId"]), str(one.get("Name") or "")
        decision = self._book.decisions.get(number)
        if decision is None or decision.kind != kind or decision.name.lower() != name.lower():
            found = f"{decision.kind} '{decision.name}'" if decision else "nothing"
            raise NonDeterministicError(
                "Non-Deterministic workflow detected: a previous execution of this orchestration "
                f"scheduled {kind} {number} '{name}', but the current replay produced {found} "
                "with this sequence number"
            )
        del self._book.decisions[number]

    def _start(self, _: Event) -> None:
        self._whole = spawn(self._walk())

    def _terminate(self, one: Event) -> None:
        self._complete(Complete(self._book.take_number(), "Terminated", one.get("Input")))

    def _end(self, one: Event) -> None:
        self._book.close(int(one["TaskScheduledId"]))

    def _fail(self, one: Event) -> None:
        self._book.close(int(one["TaskScheduledId"]), has_failed=True)

    def _fire(self, one: Event) -> None:
        self._book.close(int(one["TimerId"]))

    def _raise_event(self, one: Event) -> None:
        if self._book.continued_input:
            self._carried.append(one)
        else:
            self._book.raise_event(one["Name"])

    def _suspend(self, _: Event) -> None:
        self._is_suspended = True
        self._held_decisions |= self._book.decisions
        self._book.decisions.clear()

    def _resume(self, _: Event) -> None:
        self._is_suspended = False
        self._book.decisions |= self._held_decisions
        self._held_decisions.clear()
        held, self._held_events = self._held_events, []
        for one in held:
            self._see(one)
