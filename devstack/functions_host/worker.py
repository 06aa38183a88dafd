"""The one interface behind which functions run: `index` and `invoke`.

Triggers hand over Datums and get Datums back. Durable triggers call the same two methods.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from devstack.functions_host.converters import Datums
from devstack.functions_host.event_log import invocation_fields, log_error, log_event
from devstack.functions_host.function import Function
from devstack.functions_host.indexing import index_app
from devstack.functions_host.invocation import Invocation, InvocationResult, Trace

_NO_TRACE = Trace()


class FunctionTimeoutError(Exception):
    """An invocation ran longer than functionTimeout of host.json."""

    code = "function_timeout"


class Worker:
    """Runs the functions of one app in this process.

    A time-out fails the invocation. Azure then restarts the worker process, which also kills
    its neighbours; here a coroutine is cancelled, and a thread (which Python cannot stop) is
    left to itself with a fresh pool for later calls, so that it takes nobody's place.
    """

    def __init__(self, app_folder: Path, timeout_s: float | None) -> None:
        self._app_folder, self._timeout_s = app_folder, timeout_s
        self.has_stuck_threads = False
        self._pool = _thread_pool()
        self._running: set[asyncio.Task[InvocationResult]] = set()

    def index(self) -> Sequence[Function]:
        """Load the app; once per process.

        Raises:
            AppLoadError: the app breaks a rule.
        """
        script = os.environ.get("PYTHON_SCRIPT_FILE_NAME", "function_app.py")
        return index_app(self._app_folder, script)

    async def invoke(
        self,
        function: Function,
        inputs: Datums,
        metadata: Datums,
        trace: Trace = _NO_TRACE,
    ) -> InvocationResult:
        """Run one function and log how it ended; what it raises is in the result.

        Args:
            function: one of `index`.
            inputs: parameter -> Datum, the trigger's included.
            metadata: the trigger's metadata.
            trace: W3C trace context for ``context.trace_context``.
        """
        call = Invocation(function, str(uuid4()), inputs, metadata, trace)
        started = time.perf_counter()
        log_event("invocation_started", trigger=function.trigger.type, **call.log_fields)
        task = asyncio.create_task(self._attempt(call))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        result = await asyncio.shield(task)
        _log_end(call, result, started)
        return result

    async def drain(self, grace_s: float) -> bool:
        """Wait for running invocations; whether all of them ended in time."""
        if self._running:
            await asyncio.wait(self._running, timeout=grace_s)
        self._pool.shutdown(wait=False, cancel_futures=True)
        return not self._running

    async def _attempt(self, call: Invocation) -> InvocationResult:
        invocation_fields.set(call.log_fields)
        body = asyncio.create_task(call.run(self._pool))
        done, _ = await asyncio.wait({body}, timeout=self._timeout_s)
        if not done:
            self._give_up(call, body)
            text = f"{call.function.name} ran longer than functionTimeout ({self._timeout_s} s)"
            return InvocationResult(call.invocation_id, error=FunctionTimeoutError(text))
        if body.cancelled():
            return InvocationResult(call.invocation_id, error=asyncio.CancelledError())
        error = body.exception()
        return InvocationResult(call.invocation_id, error=error) if error else body.result()

    def _give_up(self, call: Invocation, body: asyncio.Task[InvocationResult]) -> None:
        body.add_done_callback(_retrieve)
        body.cancel()
        if not call.function.is_async:
            self.has_stuck_threads = True
            stuck, self._pool = self._pool, _thread_pool()
            stuck.shutdown(wait=False)


def _retrieve(task: asyncio.Task[InvocationResult]) -> None:
    """Read the outcome of an abandoned call, whose time-out is logged already."""
    if not task.cancelled():
        task.exception()


def _thread_pool() -> ThreadPoolExecutor:
    count = os.environ.get("PYTHON_THREADPOOL_THREAD_COUNT")
    return ThreadPoolExecutor(int(count) if count else None, thread_name_prefix="function")


def _log_end(call: Invocation, result: InvocationResult, started: float) -> None:
    duration_ms = round((time.perf_counter() - started) * 1000, 1)
    if result.error is None:
        log_event("invocation_succeeded", duration_ms=duration_ms, **call.log_fields)
    else:
        log_error("invocation_failed", result.error, duration_ms=duration_ms, **call.log_fields)
