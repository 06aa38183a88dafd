"""One part of the stack: how it starts, when it is ready, what must be there before it."""

from collections.abc import Callable
from dataclasses import dataclass

from devstack.probes import Probe
from devstack.process import Command


def nothing() -> None:
    """No preparation."""


def always_ready() -> None:
    """No question to ask."""


@dataclass(frozen=True, slots=True)
class Component:
    """A child process with its place in the order of start and stop."""

    command: Command
    after: tuple[str, ...] = ()
    """Names of the parts that must be ready first."""
    url: str = ""
    prepare: Callable[[], None] = nothing
    """Runs before the process starts, quickly."""
    probe: Probe = always_ready
    complete: Callable[[], None] = nothing
    """Runs once the probe is satisfied; the part is ready afterwards."""
    ends: bool = False
    """It is ready when it has ended with 0, like a migration."""
    grace_s: float = 5

    @property
    def name(self) -> str:
        """As in status, logs and port settings."""
        return self.command.name
