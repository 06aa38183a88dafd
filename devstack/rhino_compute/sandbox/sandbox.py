"""Runs the scripts of a solve in a process of their own, within limits."""

import json
import secrets
import select
import time
from itertools import count
from typing import Any, cast

from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.limits import MEGABYTE, ScriptLimits
from devstack.rhino_compute.log import log_line
from devstack.rhino_compute.matching import Argument, Result
from devstack.rhino_compute.sandbox.frames import OversizeError, receive_frame, send_frame
from devstack.rhino_compute.sandbox.nursery import Nursery, ScriptProcess
from devstack.rhino_compute.sandbox.script import Script, ScriptRunner
from devstack.rhino_compute.sandbox.values import Held, decode, encode

FRAME_MARGIN_BYTES = MEGABYTE
BROKEN = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RuntimeError)
"""What reading an answer can raise when a script forged it."""


class Sandbox:
    """One warm process for scripts, replaced when a script broke it. For one solve at a time."""

    def __init__(self, nursery: Nursery, limits: ScriptLimits) -> None:
        self._nursery, self._limits = nursery, limits
        self._solves = count(1)
        self._process: ScriptProcess | None = nursery.start_process()

    def begin_solve(self) -> ScriptRunner:
        """Return what runs the scripts of one solve; together they have one time limit."""
        solve, left_s = next(self._solves), self._limits.time_s

        def run(script: Script, arguments: list[Argument]) -> list[Result]:
            nonlocal left_s
            started = time.monotonic()
            try:
                return self._run(solve, script, arguments, started + left_s)
            finally:
                left_s -= time.monotonic() - started

        return run

    def _run(
        self, solve: int, script: Script, arguments: list[Argument], deadline: float
    ) -> list[Result]:
        variables = [script.name, script.source, script.inputs, script.outputs]
        encoded = [encode(value, _refuse) for value in arguments]
        asked = {"solve": solve, "script": variables, "arguments": encoded}
        answer = self._ask(asked, deadline)
        if answer.get("printed"):
            log_line("script_printed", component=script.name, text=str(answer["printed"]))
        if answer.get("is_spent"):
            self._end_process("the process for scripts is spent")
        if "error" in answer:
            raise SolveError(str(answer["error"]))
        try:
            results = [decode(value, Held) for value in answer["results"]]
            return cast("list[Result]", _checked(results, len(script.outputs)))
        except BROKEN as error:
            raise self._broken("the script broke its process") from error

    def _ask(self, asked: dict[str, Any], deadline: float) -> dict[str, Any]:
        try:
            return self._exchange(asked, deadline)
        except TimeoutError as error:
            reason = f"the scripts of a solve may take {self._limits.time_s:g} s together"
            raise self._broken(reason) from error
        except (EOFError, ConnectionError) as error:
            raise self._broken("the script ended its process") from error
        except OversizeError as error:
            reason = f"the script answers more than {self._limits.output_mb} MB"
            raise self._broken(reason) from error
        except BROKEN as error:
            raise self._broken("the script broke its process") from error

    def _exchange(self, asked: dict[str, Any], deadline: float) -> dict[str, Any]:
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        channel = self._ready_process().channel
        channel.settimeout(left_s)
        # Only what runs now can know the ticket: an answer left by an earlier script has none.
        ticket = secrets.token_hex(8)
        send_frame(channel, json.dumps({**asked, "ticket": ticket}).encode())
        limit_bytes = self._limits.output_mb * MEGABYTE + FRAME_MARGIN_BYTES
        answer = json.loads(receive_frame(channel, limit_bytes, deadline))
        if answer["ticket"] != ticket:
            raise ValueError
        return cast("dict[str, Any]", answer)

    def _ready_process(self) -> ScriptProcess:
        """Return a process whose channel is empty, as it has to be between two scripts."""
        if self._process:
            readable, _, _ = select.select([self._process.channel], [], [], 0)
            if readable:
                self._end_process("the process for scripts ended or answered unasked")
        self._process = self._process or self._nursery.start_process()
        return self._process

    def _broken(self, reason: str) -> SolveError:
        code = self._end_process(reason)
        is_own_end = code is not None and reason.endswith("ended its process")
        return SolveError(f"{reason} ({_ending(code)})" if is_own_end else reason)

    def _end_process(self, reason: str) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        code = self._nursery.end_process(process)
        log_line("script_process_ended", reason=reason, script_pid=process.pid, code=code)
        return code


def _ending(code: int | None) -> str:
    return f"exit code {code}" if code is None or code >= 0 else f"signal {-code}"


def _checked(results: list[object], expected: int) -> list[object]:
    if len(results) != expected:
        raise ValueError
    return results


def _refuse(value: object) -> dict[str, object]:
    raise SolveError(f"a {type(value).__name__} cannot be given to a script")
