"""The whole platform on this machine, for the length of a `with` block."""

import os
import shutil
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

from devstack import identity
from devstack.credentials import read_or_create
from devstack.plan import components
from devstack.ports import check_free
from devstack.settings import StackSettings, served_apps
from devstack.state import ComponentState, StackLock, StackState, remove_state, write_state
from devstack.supervisor import Supervisor
from devstack.tokens import TokenRequest, issue_token, parse_tenant
from devstack.wiring import Wiring

_WATCH_S = 0.1


class Stack:
    """A running stack. Single parts may be ended and started, to see how the others bear it."""

    def __init__(
        self, settings: StackSettings, wiring: Wiring, announce: Callable[[str], None]
    ) -> None:
        self.settings = settings
        self.wiring = wiring
        self._supervisor = Supervisor(components(wiring), announce, self._write_state)

    @property
    def functions_url(self) -> str:
        """The public API."""
        return self.wiring.url("functions")

    def token(
        self, tenant_id: str, apps: Sequence[str] | None = None, *, is_operator: bool = False
    ) -> str:
        """A bearer token for a tenant; every served app unless `apps` says which."""
        request = TokenRequest(
            parse_tenant(tenant_id),
            served_apps() if apps is None else apps,
            is_operator=is_operator,
        )
        issuer = identity.issuer(self.wiring.port("identity"))
        return issue_token(self.settings.root, issuer, request)

    def pid(self, name: str) -> int:
        """The process of a part, which must run."""
        return self._supervisor.children[name].pid

    def start(self, name: str) -> None:
        """Start a part that was stopped or killed; returns when it is ready."""
        self._supervisor.start(name, self.settings.start_timeout_s)

    def stop(self, name: str) -> None:
        """Stop a part in good order."""
        self._supervisor.stop(name)

    def kill(self, name: str) -> None:
        """`kill -9` a part and its own children."""
        self._supervisor.kill(name)

    def check(self) -> None:
        """Raise CrashError when a part has ended by itself."""
        self._supervisor.check()

    def watch(self) -> None:
        """Wait until a part ends by itself: CrashError, or whatever a signal handler raises."""
        while True:
            self.check()
            time.sleep(_WATCH_S)

    def start_all(self) -> None:
        """Start every part and wait until all are ready."""
        self._supervisor.start_all(self.settings.start_timeout_s)

    def stop_all(self) -> None:
        """Stop every part; the last step of every ending."""
        self._supervisor.stop_all()

    def _write_state(self) -> None:
        states = tuple(self._state(name) for name in self._supervisor.components)
        parts = tuple(state for state in states if state is not None)
        write_state(self.settings.root, StackState(os.getpid(), parts, self.wiring.environment()))

    def _state(self, name: str) -> ComponentState | None:
        component = self._supervisor.components[name]
        child = self._supervisor.children.get(name)
        log = str(component.command.log)
        if child is None and component.ends:
            return None
        if child is None:
            return ComponentState(name, "stopped", None, component.url, None, log)
        state = "up" if name in self._supervisor.ready else "starting"
        return ComponentState(name, state, child.pid, component.url, child.started_at, log)


@contextmanager
def running_stack(
    settings: StackSettings, announce: Callable[[str], None] = lambda _line: None
) -> Generator[Stack, None, None]:
    """Start every part, hand the stack over, stop every part whatever happens.

    Raises:
        UsageError: a stack runs in this folder, or a port is taken; nothing was started.
        StartError: a part is missing or was not ready in time.
        CrashError: a part ended instead of becoming ready.
    """
    ports = dict(settings.ports)
    if settings.database_url:
        del ports["postgres"]
    with StackLock(settings.root):
        remove_state(settings.root)
        check_free(ports)
        shutil.rmtree(settings.root / "logs", ignore_errors=True)
        wiring = Wiring(settings, read_or_create(settings.root / "secrets.json"))
        stack = Stack(settings, wiring, announce)
        try:
            stack.start_all()
            yield stack
        finally:
            stack.stop_all()
            remove_state(settings.root)
