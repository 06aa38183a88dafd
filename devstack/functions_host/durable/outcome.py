"""What goes into a replay and what comes out of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from devstack.functions_host.durable.decisions import Complete, Decision
from devstack.functions_host.durable.history import Event, compact


@dataclass(frozen=True, slots=True)
class OrchestratorAnswer:
    """What the SDK returned: ``{isDone, schemaVersion, actions, output?, error?, customStatus?}``.

    Attributes:
        stack: of an orchestrator that raised.
    """

    state: dict[str, Any]
    stack: str = ""

    @property
    def output(self) -> str | None:
        """JSON of what the orchestrator returned."""
        found = self.state.get("output")
        return None if found is None else compact(found)


@dataclass(frozen=True, slots=True)
class Execution:
    """Which execution is replayed, and what the app has.

    Attributes:
        knows: whether the app has a function: (``activity`` | ``orchestrator``, name).
    """

    name: str
    execution_id: str
    knows: Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an episode adds; `carried` are events that the next generation still has to see."""

    decisions: Sequence[Decision]
    carried: Sequence[Event] = field(default_factory=list[Event])

    @property
    def completion(self) -> Complete | None:
        """How the instance, or its generation, ends."""
        return next((one for one in self.decisions if isinstance(one, Complete)), None)
