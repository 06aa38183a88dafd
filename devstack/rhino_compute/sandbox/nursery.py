"""Starts processes for scripts in milliseconds: a process that is forked early, forks them.

It is forked while the compute child has one thread, imports what scripts use, and never runs one
itself. So it always notices that its owner is gone, however that ended, and kills what it started.
"""

import contextlib
import importlib
import os
import signal
import socket
import struct
import traceback
from dataclasses import dataclass
from typing import NoReturn

from devstack.rhino_compute.limits import ScriptLimits
from devstack.rhino_compute.log import log_line
from devstack.rhino_compute.rhino_geometry.modules import install_modules
from devstack.rhino_compute.sandbox.orphans import adopt_orphans, die_with_parent, kill_adopted
from devstack.rhino_compute.sandbox.worker import serve_scripts

PRELOADED = ("numpy",)  # as plugins on the real machine: no solve pays for the import
NUMBER = struct.Struct(">i")
NURSERY_LOST = 71
FIRST_FREE_FD, LAST_FD = 3, 4096


@dataclass(frozen=True, slots=True)
class ScriptProcess:
    """One process for scripts, and the way to talk to it."""

    pid: int
    channel: socket.socket


class Nursery:
    """The owner's end of the forking process. Not for use by two threads at once."""

    def __init__(self, limits: ScriptLimits) -> None:
        """Fork it: to be called before the process starts any thread."""
        self._control, far_end = socket.socketpair()
        self._pid = os.fork()
        if not self._pid:
            _become_nursery(far_end, limits)
        far_end.close()

    def start_process(self) -> ScriptProcess:
        """Start a process for scripts."""
        channel, far_end = socket.socketpair()
        with far_end:
            return ScriptProcess(self._ask(0, far_end.fileno()), channel)

    def end_process(self, process: ScriptProcess) -> int:
        """Kill a process with all it started; return its exit code, negative for a signal."""
        process.channel.close()
        return self._ask(process.pid)

    def stop(self) -> None:
        """Kill every process for scripts; all are gone when this returns."""
        self._control.shutdown(socket.SHUT_RDWR)
        os.waitpid(self._pid, 0)

    def _ask(self, number: int, *files: int) -> int:
        try:
            socket.send_fds(self._control, [NUMBER.pack(number)], files)
            answer = self._control.recv(NUMBER.size, socket.MSG_WAITALL)
            return NUMBER.unpack(answer)[0]
        except (OSError, struct.error):
            # Without it no script can run any more: end, and the parent starts another child.
            log_line("nursery_lost")
            os._exit(NURSERY_LOST)


def _become_nursery(control: socket.socket, limits: ScriptLimits) -> NoReturn:
    """Serve until the owner is gone, then exit without running what the owner had in mind."""
    pids: set[int] = set()
    try:
        os.setsid()
        adopt_orphans()
        _close_other_files(control.fileno())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        install_modules()
        for name in PRELOADED:
            importlib.import_module(name)
        _serve(control, limits, pids)
    except Exception:  # noqa: BLE001 - nobody above: the fork must not run its owner's code
        log_line("nursery_failed", trace=traceback.format_exc())
    finally:
        for pid in pids:
            _end(pid)
        kill_adopted(())
        os._exit(0)


def _serve(control: socket.socket, limits: ScriptLimits, pids: set[int]) -> None:
    while True:
        message, files, _, _ = socket.recv_fds(control, NUMBER.size, 1)
        if not message:
            return
        if files:
            pid = os.fork()
            if not pid:
                _become_worker(control, files[0], limits)
            os.close(files[0])
            pids.add(pid)
            control.sendall(NUMBER.pack(pid))
        else:
            (pid,) = NUMBER.unpack(message)
            pids.discard(pid)
            code = _end(pid)
            kill_adopted(pids)
            control.sendall(NUMBER.pack(code))


def _become_worker(control: socket.socket, channel: int, limits: ScriptLimits) -> NoReturn:
    try:
        os.setsid()
        control.close()
        die_with_parent()
        adopt_orphans()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        _silence()
        serve_scripts(socket.socket(fileno=channel), limits)
        os._exit(0)
    finally:
        os._exit(1)


def _close_other_files(kept: int) -> None:
    """The listening socket and the lifeline of the owner must not live on in here."""
    os.closerange(FIRST_FREE_FD, kept)
    os.closerange(kept + 1, LAST_FD)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)


def _silence() -> None:
    """Standard error carries the server's log: scripts write to nowhere."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 2)


def _end(pid: int) -> int:
    with contextlib.suppress(ProcessLookupError):
        # The group is there as soon as the process has run its first line.
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
