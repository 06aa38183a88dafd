"""The running stack as other commands see it: a lock that is held, a file that describes it."""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from devstack.credentials import write_private
from devstack.errors import UsageError

State = Literal["starting", "up", "stopped"]


@dataclass(frozen=True, slots=True)
class ComponentState:
    """One line of `status`; `pid` and `started_at` (Unix time) are None when it does not run."""

    name: str
    state: State
    pid: int | None
    url: str
    started_at: float | None
    log: str


@dataclass(frozen=True, slots=True)
class StackState:
    """A stack: the process that watches over it, its parts, its settings."""

    pid: int
    components: tuple[ComponentState, ...]
    environment: Mapping[str, str]
    """What `env` prints; secrets are among them."""

    @property
    def is_up(self) -> bool:
        """Whether every part serves."""
        return all(component.state == "up" for component in self.components)


def write_state(root: Path, state: StackState) -> None:
    """Replace the description."""
    write_private(_state_file(root), json.dumps(asdict(state), indent=2))


def remove_state(root: Path) -> None:
    """Forget the description of a stack that has ended."""
    _state_file(root).unlink(missing_ok=True)


def read_running(root: Path) -> StackState | None:
    """The stack that runs in this folder now, or None; what a killed one left is not believed."""
    if not _state_file(root).exists() or not is_locked(root):
        return None
    document = json.loads(_state_file(root).read_text(encoding="utf-8"))
    components = tuple(ComponentState(**part) for part in document["components"])
    return StackState(document["pid"], components, document["environment"])


def require_running(root: Path) -> StackState:
    """The running stack.

    Raises:
        UsageError: none runs.
    """
    running = read_running(root)
    if running is None:
        raise UsageError("no stack runs here: start one with `make up`")
    return running


def is_locked(root: Path) -> bool:
    """Whether a stack holds the folder."""
    try:
        with StackLock(root):
            return False
    except UsageError:
        return True


class StackLock:
    """One stack per folder. The kernel releases it with the process, however that ends."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._descriptor = -1

    def __enter__(self) -> Self:
        """Take the folder.

        Raises:
            UsageError: a stack runs there; its pid is named.
        """
        self._root.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self._root / "stack.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._descriptor)
            pid = _recorded_pid(self._root)
            message = (
                f"a stack is already running in {self._root} (pid {pid}): stop it, `make down`"
            )
            raise UsageError(message) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._descriptor)


def _state_file(root: Path) -> Path:
    return root / "stack.json"


def _recorded_pid(root: Path) -> str:
    file = _state_file(root)
    return str(json.loads(file.read_text(encoding="utf-8"))["pid"]) if file.exists() else "unknown"
