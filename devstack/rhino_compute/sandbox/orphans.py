"""What Linux offers so that no process escapes its supervisor; elsewhere these do nothing."""

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Collection
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
CHILDREN = Path("/proc/thread-self/children")


def die_with_parent() -> None:
    """Be killed when the process that forked this one ends."""
    _control(PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, daemons included."""
    _control(PR_SET_CHILD_SUBREAPER, 1)


def kill_adopted(own: Collection[int]) -> None:
    """Kill all children but `own`, and theirs, which are adopted in turn."""
    while strays := [pid for pid in _children() if pid not in own]:
        for pid in strays:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _control(option: int, argument: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, argument)


def _children() -> list[int]:
    return [int(pid) for pid in CHILDREN.read_text().split()] if CHILDREN.exists() else []
