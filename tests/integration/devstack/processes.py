"""Real child processes for tests: short Python programs, and what is still alive of them."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from devstack.component import Component, always_ready, nothing
from devstack.probes import Probe
from devstack.process import Command

DEADLINE_S = 20.0

# Says `ready`, then waits; with STUBBORN it ignores a polite request to stop.
WAITING = "import signal; print('ready', flush=True); signal.pause()"
STUBBORN = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('ready', flush=True); [signal.pause() for _ in iter(int, 1)]"
)


def python(name: str, program: str, folder: Path) -> Command:
    """A Python program that inherits MARK, so that `alive` finds it and its own children."""
    environment = {**os.environ, "MARK": str(folder)}
    log = folder / f"{name}.log"
    return Command(name, (sys.executable, "-S", "-c", program), environment, folder, log)


def part(
    command: Command,
    *after: str,
    probe: Probe | None = always_ready,
    prepare: Callable[[], None] = nothing,
    ends: bool = False,
) -> Component:
    """A component; without a probe it is ready when it has said so."""
    ready = (lambda: said_ready(command)) if probe is None else probe
    return Component(command, after, probe=ready, prepare=prepare, ends=ends, grace_s=2)


def said_ready(command: Command) -> str | None:
    """A probe that reads the log."""
    return None if "ready" in command.log.read_text() else "has not said that it is ready"


def alive(mark: Path) -> list[str]:
    """Command lines of living processes that carry the mark or name the folder."""
    found: list[str] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue  # it has ended since
        is_own = int(folder.name) == os.getpid()
        is_marked = f"MARK={mark}\0".encode() in environment or str(mark).encode() in line
        if line and is_marked and not is_own:
            found.append(line.replace(b"\0", b" ").decode())
    return found


def wait_until(condition: Callable[[], object], what: str, deadline_s: float = DEADLINE_S) -> None:
    """Wait for a condition."""
    ends_at = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < ends_at, f"waited {deadline_s:g} s for {what}"
        time.sleep(0.02)
