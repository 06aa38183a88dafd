"""One child process: started in its own group, logged to its own file, never left behind."""

import os
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devstack.errors import StartError

POLL_S = 0.01


@dataclass(frozen=True, slots=True)
class Command:
    """What to run and how to ask it to stop."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    directory: Path
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    launcher: tuple[str, ...] = ()
    """Options of setpriv(1) that change the user; all but PostgreSQL have none."""


def bound_to_parent(command: Command) -> list[str]:
    """The arguments that also stop the process when its parent is killed, where setpriv exists.

    setpriv sets PR_SET_PDEATHSIG and then becomes the command: no process stands between. The
    kernel sends the signal when the starting *thread* ends: start children from the main one.

    Raises:
        StartError: the command needs setpriv and there is none.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None and command.launcher:
        raise StartError(f"{command.name} needs setpriv (package util-linux) to drop root's rights")
    if setpriv is None:
        return list(command.arguments)
    death_signal = command.stop_signal.name.removeprefix("SIG")
    options = [*command.launcher, "--pdeathsig", death_signal]
    return [setpriv, *options, "--", *command.arguments]


class Child:
    """A running (or ended) process of a command, and its process group."""

    def __init__(self, command: Command) -> None:
        self.command = command
        command.log.parent.mkdir(parents=True, exist_ok=True)
        with command.log.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                bound_to_parent(command),
                env=dict(command.environment),
                cwd=command.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started_at = time.time()

    @property
    def pid(self) -> int:
        """Id of the process and of its group."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative is the signal that ended it."""
        if self._is_running():
            return None
        self._end_group()
        return self._process.wait()

    def signal_stop(self) -> None:
        """Ask the process to stop; it passes that on to its own children."""
        if self._is_running():
            self._process.send_signal(self.command.stop_signal)

    def kill(self) -> None:
        """End the whole group at once, as a crash of the machine would."""
        self._end_group()
        self._process.wait()

    def stop(self, grace_s: float = 5) -> int:
        """Ask, wait `grace_s`, then kill what is left of the group; the exit code."""
        self.signal_stop()
        deadline = time.monotonic() + grace_s
        while self._is_running() and time.monotonic() < deadline:
            time.sleep(POLL_S)
        self.kill()
        return self._process.wait()

    def last_lines(self, count: int = 20) -> list[str]:
        """The end of what this process has written, oldest first."""
        with self.command.log.open(encoding="utf-8", errors="replace") as log:
            log.seek(self._log_start)
            return [line.rstrip("\n") for line in deque(log, count)]

    def _is_running(self) -> bool:
        # WNOWAIT leaves the process unreaped, so that its group id cannot be given away before
        # the stragglers of the group are killed.
        if self._process.returncode is not None:
            return False
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.pid, flags) is None

    def _end_group(self) -> None:
        if self._process.returncode is None:
            os.killpg(self.pid, signal.SIGKILL)


def run_to_end(command: Command, timeout_s: float = 60) -> None:
    """Run a command that ends by itself.

    Raises:
        StartError: it failed, with its last lines, or outlived `timeout_s`.
    """
    child = Child(command)
    deadline = time.monotonic() + timeout_s
    try:
        while (code := child.exit_code) is None and time.monotonic() < deadline:
            time.sleep(POLL_S)
        if code != 0:
            ending = f"ended with {code}" if code is not None else f"took more than {timeout_s} s"
            raise StartError("\n".join([f"{command.name} {ending}:", *child.last_lines()]))
    finally:
        child.stop()
