"""What clients may ask of a task hub."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from devstack.functions_host.clock import Clock
from devstack.functions_host.durable.functions import DurableFunctions
from devstack.functions_host.durable.generation import first_arrival, pending_instance
from devstack.functions_host.durable.history import EventType, event
from devstack.functions_host.durable.hub import TaskHub
from devstack.functions_host.durable.records import Arrival, Instance
from devstack.functions_host.durable.store import Store

_FORBIDDEN_CHARACTERS = frozenset("/\\#?")
_MAX_ID_LENGTH = 100
_FIRST_PRINTABLE = 32


class BadRequestError(Exception):
    """The caller asked for something that cannot be; answered 400."""

    code = "durable_request_invalid"


class ConflictError(Exception):
    """The state of the instance forbids it; answered 500, as the extension does."""

    code = "durable_conflict"


@dataclass(frozen=True, slots=True)
class Start:
    """A wish for an instance; version None means the default one of host.json."""

    name: str
    instance_id: str | None = None
    input: str | None = None
    version: str | None = None


class HubClient:
    """Starts instances and sends them events."""

    def __init__(
        self,
        store: Store,
        hub: TaskHub,
        functions: DurableFunctions,
        default_version: str,
        clock: Clock,
    ) -> None:
        self.store, self.hub = store, hub
        self._functions, self._default_version, self._clock = functions, default_version, clock

    def start(self, wanted: Start) -> str:
        """Start an instance; one of the same id that is over is replaced.

        Raises:
            BadRequestError: no such orchestrator, or not an instance id.
            ConflictError: an instance of this id is not over.
        """
        self._require_orchestrator(wanted.name)
        instance_id = wanted.instance_id or uuid4().hex
        _check_id(instance_id)
        version = self._default_version if wanted.version is None else wanted.version
        now = self._clock.now()
        instance = pending_instance(instance_id, wanted.name, version, wanted.input, now)
        if not self.store.create(instance, first_arrival(instance, None, now)):
            raise ConflictError(
                f"An Orchestration instance with the id {instance_id} already exists and runs."
            )
        self.hub.notify(instance_id)
        return instance_id

    def raise_event(self, instance_id: str, name: str, raw_input: str) -> None:
        """Send an external event."""
        self._send(instance_id, EventType.EVENT_RAISED, Name=name, Input=raw_input)

    def terminate(self, instance_id: str, reason: str | None) -> None:
        """End an instance; its activities and sub-orchestrations run on, as in Azure."""
        self._send(instance_id, EventType.EXECUTION_TERMINATED, Input=reason)

    def suspend(self, instance: Instance, reason: str | None) -> None:
        """Let an instance take no further step.

        Raises:
            ConflictError: it is suspended.
        """
        if instance.status == "Suspended":
            raise ConflictError(f"the instance {instance.id} is in the Suspended state")
        self._send(instance.id, EventType.EXECUTION_SUSPENDED, Reason=reason)

    def resume(self, instance: Instance, reason: str | None) -> None:
        """Let a suspended instance go on.

        Raises:
            ConflictError: it is not suspended.
        """
        if instance.status != "Suspended":
            raise ConflictError(f"the instance {instance.id} is in the {instance.status} state")
        self._send(instance.id, EventType.EXECUTION_RESUMED, Reason=reason)

    def restart(self, instance: Instance, *, keeps_id: bool) -> str:
        """Start the orchestrator of an instance with its input again.

        Raises:
            ConflictError: the id is kept and the instance is not over.
        """
        instance_id = instance.id if keeps_id else None
        return self.start(Start(instance.name, instance_id, instance.input))

    def purge(self, instances: Sequence[Instance]) -> int:
        """Delete instances; how many there were."""
        return self.store.purge([instance.id for instance in instances])

    def _send(self, instance_id: str, kind: EventType, **fields: object) -> None:
        self.store.add(Arrival(instance_id, None, event(kind, self._clock.now(), **fields)))
        self.hub.notify(instance_id)

    def _require_orchestrator(self, name: str) -> None:
        if not self._functions.has("orchestrator", name):
            known = ", ".join(f"'{one.name}'" for one in self._functions.orchestrators.values())
            raise BadRequestError(
                f"The function '{name}' doesn't exist, is disabled, or is not an orchestrator "
                "function. Additional info: The following are the known orchestrator functions: "
                f"{known}."
            )


def _check_id(instance_id: str) -> None:
    has_forbidden = any(
        character in _FORBIDDEN_CHARACTERS or ord(character) < _FIRST_PRINTABLE
        for character in instance_id
    )
    if instance_id.startswith("@") or has_forbidden or len(instance_id) > _MAX_ID_LENGTH:
        raise BadRequestError(
            "Instance ids must not start with @, must not contain /, \\, #, ? or control "
            "characters and must not exceed 100 characters."
        )
