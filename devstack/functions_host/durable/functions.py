"""The Durable functions of an app."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from devstack.functions_host.function import Function


@dataclass(frozen=True, slots=True)
class DurableFunctions:
    """The orchestrators and activities of the app, by lower-case name."""

    orchestrators: Mapping[str, Function]
    activities: Mapping[str, Function]

    def has(self, kind: str, name: str) -> bool:
        """Whether there is an ``activity`` or an ``orchestrator`` of this name."""
        found = self.activities if kind == "activity" else self.orchestrators
        return name.lower() in found


def durable_functions(functions: Sequence[Function]) -> DurableFunctions:
    """Orchestrators and activities by the names under which they are called."""
    return DurableFunctions(
        orchestrators=_named(functions, "orchestrationTrigger", "orchestration"),
        activities=_named(functions, "activityTrigger", "activity"),
    )


def _named(functions: Sequence[Function], kind: str, key: str) -> dict[str, Function]:
    return {
        one.trigger.text(key, one.name).lower(): one
        for one in functions
        if one.trigger.type == kind
    }
