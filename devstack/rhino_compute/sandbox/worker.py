"""The process that runs scripts: one after another, kept warm between solves."""

import io
import json
import os
import resource
import socket
import sys
import threading
from pathlib import Path
from typing import Any, cast

from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.limits import MEGABYTE, ScriptLimits
from devstack.rhino_compute.sandbox.frames import receive_frame, send_frame
from devstack.rhino_compute.sandbox.script import Script, run_script
from devstack.rhino_compute.sandbox.values import decode, encode

IS_LINUX = sys.platform == "linux"
SHOWN_CHARACTERS = 4000
STATM = Path("/proc/self/statm")


def serve_scripts(channel: socket.socket, limits: ScriptLimits) -> None:
    """Run what arrives until the channel closes.

    Asked: {"ticket", "solve", "script": [name, source, inputs, outputs], "arguments"}.
    Answered: {"results"} or {"error"}, the same "ticket", what was "printed", and whether this
    process "is_spent".
    """
    worker = Worker(limits)
    while True:
        try:
            asked = receive_frame(channel)
        except EOFError:
            return
        answer = worker.answer(json.loads(asked))
        if os.getpid() != worker.pid:
            os._exit(0)  # a script forked; only the first of the two answers
        send_frame(channel, answer)


class Worker:
    """What outlives one script: objects that cannot travel, and how much memory is gone."""

    def __init__(self, limits: ScriptLimits) -> None:
        self.pid = os.getpid()
        self._limits = limits
        self._held: dict[int, object] = {}
        self._solve = 0
        self._memory_bytes = _memory_bytes()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if IS_LINUX:  # the one system that enforces it, and tells what is used already
            allowed = self._memory_bytes + limits.memory_mb * MEGABYTE
            resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))

    def answer(self, asked: dict[str, Any]) -> bytes:
        """Run one script; return the answer as JSON."""
        if asked["solve"] != self._solve:
            self._solve = asked["solve"]
            self._held.clear()
        printed, ticket = BoundedText(self._limits.output_mb * MEGABYTE), asked["ticket"]
        try:
            answered = self._run(asked, printed)
            answer = {
                **answered,
                "ticket": ticket,
                "printed": printed.getvalue()[:SHOWN_CHARACTERS],
            }
            written = json.dumps(answer)
        except MemoryError:
            printed.close()
            answer = {"error": self._too_much_memory(), "ticket": ticket, "is_spent": True}
            written = json.dumps(answer)
        if len(written) > self._limits.output_mb * MEGABYTE:
            error = _too_much_output(self._limits.output_mb)
            written = json.dumps({"error": error, "ticket": ticket, "is_spent": True})
        return written.encode()

    def _run(self, asked: dict[str, Any], printed: io.StringIO) -> dict[str, object]:
        name, source, inputs, outputs = asked["script"]
        script = Script(name, source, tuple(inputs), tuple(outputs))
        arguments = [cast("Any", decode(value, self._fetch)) for value in asked["arguments"]]
        try:
            results = run_script(script, arguments, printed)
        except SolveError as error:
            if isinstance(error.__cause__, MemoryError):
                return {"error": self._too_much_memory(), "is_spent": True}
            return {"error": str(error), "is_spent": self._is_spent()}
        encoded = [encode(result, self._hold) for result in results]
        return {"results": encoded, "is_spent": self._is_spent()}

    def _is_spent(self) -> bool:
        """Whether scripts left threads or processes behind, or too little memory."""
        left_behind = _memory_bytes() - self._memory_bytes
        is_short = left_behind > self._limits.memory_mb * MEGABYTE // 2
        return is_short or threading.active_count() > 1 or _has_children()

    def _too_much_memory(self) -> str:
        return f"the script needs more than {self._limits.memory_mb} MB of memory"

    def _hold(self, value: object) -> dict[str, object]:
        number = len(self._held)
        self._held[number] = value
        return {"held": [number, type(value).__name__]}

    def _fetch(self, number: int, _type_name: str) -> object:
        return self._held.get(number)


class BoundedText(io.StringIO):
    """What a script prints; it ends with an error when it gets too long."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, text: str, /) -> int:
        """Append text.

        Raises:
            OverflowError: The script has printed too much.
        """
        if self.tell() + len(text) > self._limit:
            raise OverflowError(_too_much_output(self._limit // MEGABYTE))
        return super().write(text)


def _too_much_output(limit_mb: int) -> str:
    return f"the script answers more than {limit_mb} MB"


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _memory_bytes() -> int:
    """Return the size of the address space; 0 where the system does not tell."""
    return int(STATM.read_text().split()[0]) * resource.getpagesize() if IS_LINUX else 0
