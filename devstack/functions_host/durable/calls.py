"""Calls of the app's orchestrators and activities through the worker.

Source: OutOfProcMiddleware and TaskActivityShim.cs of
https://github.com/Azure/azure-functions-durable-extension
"""

import json
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from azure.functions.meta import Datum

from devstack.functions_host.durable.history import Event, EventType, compact, event
from devstack.functions_host.durable.outcome import OrchestratorAnswer
from devstack.functions_host.durable.records import ScheduledActivity
from devstack.functions_host.event_log import error_text
from devstack.functions_host.function import Function
from devstack.functions_host.runner import Runner

# The SDK ships its state inside the message of the exception that an orchestrator raised.
_STATE_LABEL = "\n\n$OutOfProcData$:"
_LIMITS = {
    "upperSchemaVersion": 1,
    "upperSchemaVersionNew": 2,
    "longRunningTimerIntervalDuration": "3.00:00:00",
    "maximumShortTimerDuration": "6.00:00:00",
    "defaultHttpAsyncRequestSleepTimeMillseconds": 30000,
}
_MANAGED_ERROR = -2146233088  # HResult of System.Exception


def orchestrator_trigger(instance_id: str, events: Sequence[Event], *, has_past: bool) -> str:
    """What an orchestrator is called with, as JSON text."""
    started = events[1]
    parent = cast("dict[str, Any] | None", started["ParentInstance"])
    raw_input = started["Input"]
    context = {
        "history": events,
        "input": None if raw_input is None else json.loads(raw_input),
        "instanceId": instance_id,
        "isReplaying": has_past,
        "parentInstanceId": parent and parent["OrchestrationInstance"]["InstanceId"],
        **_LIMITS,
    }
    return json.dumps(context)


def parse_answer(error: BaseException | None, returned: object) -> OrchestratorAnswer:
    """What an orchestrator returned or raised."""
    if error is None:
        return OrchestratorAnswer(json.loads(str(returned)))
    stack, text = "".join(traceback.format_exception(error)), error_text(error)
    if _STATE_LABEL in text:
        return OrchestratorAnswer(json.loads(text.rsplit(_STATE_LABEL, 1)[1]), stack)
    empty: list[list[object]] = [[]]
    state = {"isDone": False, "schemaVersion": 2, "actions": empty, "error": text}
    return OrchestratorAnswer(state, stack)


@dataclass(frozen=True, slots=True)
class Calls:
    """Runs orchestrators and activities for the hub."""

    runner: Runner

    async def orchestrator(self, function: Function, trigger: str) -> OrchestratorAnswer:
        """One episode of the app's code."""
        result = await self.runner.run(function, Datum(trigger, "string"), {})
        returned = result.returned
        return parse_answer(result.error, returned.value if returned else None)

    async def activity(
        self, function: Function, scheduled: ScheduledActivity, now: Callable[[], datetime]
    ) -> Event:
        """Run an activity: its TaskCompleted or TaskFailed."""
        argument = json.loads(scheduled.event["Input"])[0]
        text = argument if isinstance(argument, str) else compact(argument)
        given = Datum(text, "string")
        metadata = {"instanceId": Datum(scheduled.instance_id, "string"), "data": given}
        result = await self.runner.run(function, given, metadata)
        number = {"TaskScheduledId": scheduled.event["EventId"]}
        if result.error is None:
            value = result.returned.value if result.returned else None
            parsed = None if value is None else json.loads(cast("str", value))
            raw = None if parsed is None else compact(parsed)
            return event(EventType.TASK_COMPLETED, now(), Result=raw, **number)
        return event(
            EventType.TASK_FAILED,
            now(),
            Reason=f"Activity function '{scheduled.event['Name']}' failed:  "
            + error_text(result.error),
            Details=_failure_details(result.error),
            FailureDetails=None,
            **number,
        )


def _failure_details(error: BaseException) -> str:
    """A System.Exception as Newtonsoft writes it."""
    text = error_text(error)
    stack = "".join(traceback.format_exception(error))
    inner = {
        "ClassName": "Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException",
        "Message": f"Result: Failure\nException: {text}\nStack: {stack}",
        "Data": None,
        "InnerException": None,
    }
    return compact(
        {
            "$type": "System.Exception, System.Private.CoreLib",
            "ClassName": "System.Exception",
            "Message": f" {text}",
            "Data": None,
            "InnerException": inner,
            "HelpURL": None,
            "StackTraceString": None,
            "RemoteStackTraceString": None,
            "HResult": _MANAGED_ERROR,
            "Source": None,
        }
    )
