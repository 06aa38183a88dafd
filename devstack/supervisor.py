"""Start parts in their order, side by side where they can; notice a crash; stop all of them."""

import time
from collections.abc import Callable, Sequence

from devstack.component import Component
from devstack.errors import CrashError, StartError, UsageError
from devstack.process import Child

_POLL_S = 0.03


class Supervisor:
    """The children of one stack. Use it from one thread: children end with it.

    Args:
        components: in any order; `after` gives the real one.
        announce: told one line per part that became ready.
        changed: called after every start and stop.
    """

    def __init__(
        self,
        components: Sequence[Component],
        announce: Callable[[str], None],
        changed: Callable[[], None],
    ) -> None:
        self.components = {component.name: component for component in components}
        self.children: dict[str, Child] = {}
        self.ready: set[str] = set()
        self._announce = announce
        self._changed = changed

    def start_all(self, timeout_s: float) -> None:
        """Start every part that is not ready and wait for it.

        Raises:
            CrashError: a part ended instead of becoming ready.
            StartError: `timeout_s` passed; the text names what is missing and why.
        """
        deadline = time.monotonic() + timeout_s
        while len(self.ready) < len(self.components):
            self._launch_what_can_start()
            reasons = [reason for name in self._starting() if (reason := self._advance(name))]
            self.check()
            if reasons and time.monotonic() > deadline:
                raise StartError(self._late(timeout_s, reasons))
            if reasons:
                time.sleep(_POLL_S)

    def start(self, name: str, timeout_s: float = 60) -> None:
        """Start one part again after `stop` or `kill` and wait until it is ready.

        Raises:
            UsageError: it runs, or its name is unknown.
        """
        if name not in self.components or name in self.children:
            raise UsageError(f"{name}: unknown or running")
        self.ready.discard(name)
        self.start_all(timeout_s)

    def stop(self, name: str) -> None:
        """Stop one part in good order; the others go on."""
        self.children.pop(name).stop(self.components[name].grace_s)
        self._changed()

    def kill(self, name: str) -> None:
        """End one part and its own children at once, as a crash would."""
        self.children.pop(name).kill()
        self._changed()

    def check(self) -> None:
        """Look at every child.

        Raises:
            CrashError: one has ended by itself, with its last log lines.
        """
        for name, child in self.children.items():
            code = child.exit_code
            is_ending = self.components[name].ends and code == 0
            if code is not None and not is_ending:
                headline = f"{name} ended by itself with exit code {code}; its last lines:"
                lines = [f"  {line}" for line in child.last_lines()]
                raise CrashError("\n".join([headline, *lines, f"  (all of {child.command.log})"]))

    def stop_all(self) -> None:
        """Stop what was started last first; parts that do not need each other together."""
        while self.children:
            needed = {name for running in self.children for name in self._needs(running)}
            wave = [name for name in self.children if name not in needed] or list(self.children)
            for name in wave:
                self.children[name].signal_stop()
            for name in wave:
                self.children[name].stop(self.components[name].grace_s)
                del self.children[name]
        self._changed()

    def _needs(self, name: str) -> set[str]:
        """What a part was started after, also by way of one that has ended meanwhile."""
        direct = self.components[name].after
        return {*direct, *(further for one in direct for further in self._needs(one))}

    def _launch_what_can_start(self) -> None:
        for name, component in self.components.items():
            if (
                name in self.children
                or name in self.ready
                or not self.ready.issuperset(component.after)
            ):
                continue
            component.prepare()
            self.children[name] = Child(component.command)
            self._changed()

    def _starting(self) -> list[str]:
        return [name for name in self.children if name not in self.ready]

    def _advance(self, name: str) -> str | None:
        """Mark a part as ready, or say why it is not."""
        component, child = self.components[name], self.children[name]
        code = child.exit_code
        if component.ends and code is None:
            return f"{name} has not ended"
        if code is not None and not (component.ends and code == 0):
            return None  # `check` reports it
        if (reason := component.probe()) is not None:
            return f"{name}: {reason}"
        component.complete()
        self._note_ready(component, child)
        return None

    def _note_ready(self, component: Component, child: Child) -> None:
        self.ready.add(component.name)
        if component.ends:
            del self.children[component.name]
        took = f"{time.time() - child.started_at:4.1f} s"
        verb = "done " if component.ends else "ready"
        self._announce(f"  {component.name:<12} {verb} in {took}   {component.url}".rstrip())
        self._changed()

    def _late(self, timeout_s: float, reasons: Sequence[str]) -> str:
        lines = [f"not ready after {timeout_s:g} s:", *(f"  {reason}" for reason in reasons)]
        for name in self._starting():
            lines += [f"last lines of {name}:"]
            lines += [f"  {line}" for line in self.children[name].last_lines(8)]
        return "\n".join(lines)
