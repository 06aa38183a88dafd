"""Runs episodes: loads an instance, calls the app's code, replays the answer, writes it down."""

from dataclasses import dataclass

from devstack.functions_host.clock import Clock
from devstack.functions_host.durable.calls import Calls, orchestrator_trigger
from devstack.functions_host.durable.decisions import Complete
from devstack.functions_host.durable.functions import DurableFunctions
from devstack.functions_host.durable.generation import Generation, begin, continued
from devstack.functions_host.durable.history import compact
from devstack.functions_host.durable.outcome import Execution, OrchestratorAnswer, Outcome
from devstack.functions_host.durable.records import Advance, Instance, Received
from devstack.functions_host.durable.replay import HostReplay
from devstack.functions_host.durable.store import Store
from devstack.functions_host.durable.versions import FailureStrategy, MatchStrategy, may_run
from devstack.functions_host.durable.writing import Writing
from devstack.functions_host.event_log import log_event


class VersionRejectedError(Exception):
    """The instance began with a later version than this host has."""

    code = "orchestration_version_rejected"


@dataclass(frozen=True, slots=True)
class VersionRules:
    """What host.json says of orchestration versions."""

    default: str = ""
    match: MatchStrategy = "CurrentOrOlder"
    failure: FailureStrategy = "Reject"


@dataclass(frozen=True, slots=True)
class Written:
    """What an episode wrote, with the numbers of the activities that have to run now."""

    step: Advance
    activities: list[int]


class Episodes:
    """Runs one episode at a time for each instance; the caller sees to that."""

    def __init__(
        self,
        store: Store,
        functions: DurableFunctions,
        calls: Calls,
        versions: VersionRules,
        clock: Clock,
    ) -> None:
        self._store, self._functions, self._calls = store, functions, calls
        self._versions, self._clock = versions, clock
        self.count = 0

    async def run(self, instance_id: str) -> Written | None:
        """Advance an instance by what has arrived; None when that changed nothing.

        Raises:
            VersionRejectedError: this host must leave it to a later one.
        """
        now = self._clock.now()
        received = self._store.arrivals(instance_id, now.timestamp())
        numbers = [one.number for one in received]
        instance = self._store.instance(instance_id)
        generation = self._begin(instance, received)
        if instance is None or generation is None:
            self._store.drop(numbers)
            return None
        if not self._may_run(instance) and self._versions.failure == "Reject":
            raise VersionRejectedError(
                f"version {instance.version} on a host of version {self._versions.default}"
            )
        step = await self._step(generation, instance, numbers)
        activities = self._store.advance(step)
        if activities is None:
            self._store.drop(numbers)
            return None
        _log_end(step.instance)
        return Written(step, activities)

    def _begin(self, instance: Instance | None, received: list[Received]) -> Generation | None:
        if instance is None or instance.is_over or not received:
            return None
        return begin(instance, self._store.history(instance.id), received, self._clock.now())

    def _may_run(self, instance: Instance) -> bool:
        return may_run(instance.version, self._versions.default, self._versions.match)

    async def _step(self, generation: Generation, began: Instance, numbers: list[int]) -> Advance:
        custom_status: str | None = None
        while True:
            self.count += 1
            answer, outcome = await self._outcome(generation)
            if answer and answer.state.get("customStatus") is not None:
                custom_status = compact(answer.state["customStatus"])
            ending = outcome.completion
            if ending is None or ending.status != "ContinuedAsNew":
                break
            generation = continued(generation, outcome, self._clock.now())
        writing = Writing(generation, self._versions.default, self._clock.now())
        writing.write(outcome.decisions)
        return writing.advance(began.execution_id, numbers, custom_status)

    async def _outcome(self, generation: Generation) -> tuple[OrchestratorAnswer | None, Outcome]:
        instance, events = generation.instance, generation.events
        function = self._functions.orchestrators.get(instance.name.lower())
        if function is None:
            text = f"The function '{instance.name}' doesn't exist, is disabled, or is not an "
            return None, _failed(text + "orchestrator function.")
        if not self._may_run(instance):
            text = f"The orchestration version '{instance.version}' does not match the host "
            return None, _failed(text + f"version '{self._versions.default}'.")
        trigger = orchestrator_trigger(instance.id, events, has_past=bool(generation.past))
        answer = await self._calls.orchestrator(function, trigger)
        execution = Execution(instance.name, instance.execution_id, self._functions.has)
        return answer, HostReplay(execution, answer).run(events)


def _failed(text: str) -> Outcome:
    return Outcome([Complete(0, "Failed", text, "")])


def _log_end(instance: Instance) -> None:
    if instance.is_over:
        duration_ms = round((instance.updated_at - instance.created_at) * 1000, 1)
        log_event(
            "orchestration_ended",
            orchestration=instance.name,
            instance_id=instance.id,
            status=instance.status,
            duration_ms=duration_ms,
        )
