"""The actions that the SDK returns, carried out on a task book.

Source: OutOfProcOrchestrationShim.cs of
https://github.com/Azure/azure-functions-durable-extension and RetryInterceptor.cs of
https://github.com/Azure/durabletask
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import IntEnum
from typing import Any

from devstack.functions_host.durable.history import compact, parse_instant
from devstack.functions_host.durable.task_book import HostTask, TaskBook, Walk, spawn

Action = dict[str, Any]


class ActionType(IntEnum):
    """Numbers of ``actionType``."""

    CALL_ACTIVITY = 0
    CALL_ACTIVITY_WITH_RETRY = 1
    CALL_SUB_ORCHESTRATOR = 2
    CALL_SUB_ORCHESTRATOR_WITH_RETRY = 3
    CONTINUE_AS_NEW = 4
    CREATE_TIMER = 5
    WAIT_FOR_EXTERNAL_EVENT = 6
    CALL_ENTITY = 7
    CALL_HTTP = 8
    SIGNAL_ENTITY = 9
    SCHEDULED_SIGNAL_ENTITY = 10
    WHEN_ANY = 11
    WHEN_ALL = 12


class UnservedActionError(Exception):
    """An action that this hub does not carry out: entities and call_http."""

    code = "action_not_served"


def invoke(book: TaskBook, action: Action) -> HostTask:
    """Start one action; compound ones start all their children in order.

    Raises:
        UnknownFunctionError: the app lacks the function.
        UnservedActionError: entities or call_http.
    """
    kind = ActionType(int(action["actionType"]))
    carry_out = _CARRIED_OUT.get(kind)
    if carry_out is None:
        raise UnservedActionError(f"this task hub does not serve {kind.name} (ADR 0022)")
    return carry_out(book, action)


def _raw_input(action: Action) -> str | None:
    given = action.get("input")
    return None if given is None else compact(given)


def _activity(book: TaskBook, action: Action) -> HostTask:
    return book.activity(action["functionName"], f"[{_raw_input(action) or 'null'}]")


def _activity_with_retry(book: TaskBook, action: Action) -> HostTask:
    return spawn(_retry(book, action["retryOptions"], lambda: _activity(book, action)))


def _child(book: TaskBook, action: Action) -> HostTask:
    return book.child(action, _raw_input(action))


def _child_with_retry(book: TaskBook, action: Action) -> HostTask:
    return spawn(_retry(book, action["retryOptions"], lambda: _child(book, action)))


def _begin_again(book: TaskBook, action: Action) -> HostTask:
    book.continued_input = (_raw_input(action),)
    done = HostTask()
    done.resolve()
    return done


def _timer(book: TaskBook, action: Action) -> HostTask:
    make = book.cancelled_timer if action.get("isCanceled") else book.timer
    return make(parse_instant(action["fireAt"]))


def _wait(book: TaskBook, action: Action) -> HostTask:
    return book.wait(action["externalEventName"])


def _when_all(book: TaskBook, action: Action) -> HostTask:
    return spawn(_all([invoke(book, child) for child in action["compoundActions"]]))


def _when_any(book: TaskBook, action: Action) -> HostTask:
    return first_of([invoke(book, child) for child in action["compoundActions"]])


_CARRIED_OUT: dict[ActionType, Callable[[TaskBook, Action], HostTask]] = {
    ActionType.CALL_ACTIVITY: _activity,
    ActionType.CALL_ACTIVITY_WITH_RETRY: _activity_with_retry,
    ActionType.CALL_SUB_ORCHESTRATOR: _child,
    ActionType.CALL_SUB_ORCHESTRATOR_WITH_RETRY: _child_with_retry,
    ActionType.CONTINUE_AS_NEW: _begin_again,
    ActionType.CREATE_TIMER: _timer,
    ActionType.WAIT_FOR_EXTERNAL_EVENT: _wait,
    ActionType.WHEN_ANY: _when_any,
    ActionType.WHEN_ALL: _when_all,
}


def _retry(book: TaskBook, options: dict[str, int], call: Callable[[], HostTask]) -> Walk:
    attempts = options["maxNumberOfAttempts"]
    pause = timedelta(milliseconds=options["firstRetryIntervalInMilliseconds"])
    for attempt in range(1, attempts + 1):
        task = call()
        yield task
        if not task.has_failed:
            return False
        # Even the last failure is followed by a timer, of no length; the SDK counts on it.
        yield book.timer(book.now if attempt == attempts else book.now + pause)
    return True


def _all(tasks: Sequence[HostTask]) -> Walk:
    for task in tasks:
        if not task.is_done:
            yield task
    return any(task.has_failed for task in tasks)


def first_of(tasks: Sequence[HostTask]) -> HostTask:
    """Ends with the first of the tasks, as that one does."""
    first = HostTask()
    for task in tasks:
        task.then(_passes_on(task, first))
    return first


def _passes_on(task: HostTask, first: HostTask) -> Callable[[], None]:
    return lambda: first.resolve(has_failed=task.has_failed)
