"""What a stack is started with."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from devstack.errors import UsageError
from devstack.ports import read_ports

REPOSITORY = Path(__file__).resolve().parent.parent
DEFAULT_ROOT = REPOSITORY / ".devstack"
CONTRACTS = REPOSITORY / "contracts"


@dataclass(frozen=True, slots=True)
class StackSettings:
    """Everything that may differ between two local stacks."""

    ports: Mapping[str, int]
    root: Path = DEFAULT_ROOT
    """Folder of all data, logs and secrets."""
    database_url: str | None = None
    """Owner's URL of a server to use instead of our own."""
    message_lock_s: float = 300
    start_timeout_s: float = 90
    environment: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """Additional environment variables by component."""

    @classmethod
    def read(cls, root: Path = DEFAULT_ROOT, port_options: Sequence[str] = ()) -> Self:
        """Settings of the command line: options over environment variables over defaults.

        Raises:
            UsageError: naming the wrong one.
        """
        lock_text = os.environ.get("KUDUSO_MESSAGE_LOCK_S", "300")
        try:
            message_lock_s = float(lock_text)
        except ValueError as error:
            raise UsageError(f"KUDUSO_MESSAGE_LOCK_S: {lock_text!r} is not a number") from error
        return cls(
            ports=read_ports(os.environ, port_options),
            root=root.resolve(),
            database_url=os.environ.get("DATABASE_URL") or None,
            message_lock_s=message_lock_s,
        )


def served_apps() -> tuple[str, ...]:
    """Every app of the repository that has a policy."""
    return tuple(file.parent.name for file in sorted(CONTRACTS.glob("[a-z]*/policy.json")))


def child_environment() -> dict[str, str]:
    """What every child inherits: compiled modules are kept, output is not buffered."""
    inherited = dict(os.environ)
    for name in ("PYTHONDONTWRITEBYTECODE", "DATABASE_URL"):
        inherited.pop(name, None)
    # One cache for all stacks of this checkout: a stack of a test starts warm, too.
    cache = {"PYTHONPYCACHEPREFIX": str(DEFAULT_ROOT / "pycache"), "PYTHONUNBUFFERED": "1"}
    return inherited | cache
