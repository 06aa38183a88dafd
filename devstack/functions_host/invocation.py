"""One call of a function: Datums to arguments, the call, results to Datums.

Source: azure_functions_worker dispatcher.py (`_handle__invocation_request`).
"""

import asyncio
import contextvars
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

from azure.functions.meta import Datum

from devstack.functions_host.converters import Datums, converter_for
from devstack.functions_host.function import Function

_THREAD_LOCAL = threading.local()


@dataclass(frozen=True, slots=True)
class Trace:
    """The W3C trace context that the trigger received."""

    parent: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class InvocationResult:
    """How an invocation ended.

    Attributes:
        error: what the function (or a conversion) raised; None when it succeeded.
        returned: Datum of the returned value.
        outputs: Datum of each ``func.Out`` that was set.
    """

    invocation_id: str
    error: BaseException | None = None
    returned: Datum | None = None
    outputs: Datums = field(default_factory=dict[str, Datum])


class _Out:
    """The ``func.Out`` that a function sets."""

    def __init__(self) -> None:
        self.value: object = None

    def set(self, val: object) -> None:
        self.value = val

    def get(self) -> object:
        return self.value


@dataclass(frozen=True, slots=True)
class _Context:
    """The ``context`` argument, by shape only: func.Context is abstract and has no more members."""

    function_name: str
    function_directory: str
    invocation_id: str
    trace_context: SimpleNamespace
    retry_context: SimpleNamespace
    thread_local_storage: threading.local


def _context(function: Function, invocation_id: str, trace: Trace) -> _Context:
    legacy = {"Traceparent": trace.parent, "Tracestate": trace.state}
    return _Context(
        function.name,
        function.folder,
        invocation_id,
        SimpleNamespace(
            trace_parent=trace.parent, trace_state=trace.state, attributes={}, **legacy
        ),
        # There are no retry policies here, as there are none for Service Bus and HTTP in Azure.
        SimpleNamespace(retry_count=0, max_retry_count=0, exception=None),
        _THREAD_LOCAL,
    )


@dataclass(frozen=True, slots=True)
class Invocation:
    """Everything that one call needs."""

    function: Function
    invocation_id: str
    inputs: Datums
    metadata: Datums
    trace: Trace

    @property
    def log_fields(self) -> dict[str, str]:
        """What names this call in log lines."""
        return {"function": self.function.name, "invocation_id": self.invocation_id}

    async def run(self, pool: Executor) -> InvocationResult:
        """Call the function: a coroutine function on the loop, another one in the pool.

        Raises:
            Exception: whatever the function or a conversion raised.
        """
        outs = {parameter: _Out() for parameter in self.function.outputs}
        arguments = self._arguments() | outs
        if self.function.is_async:
            call = cast("Callable[..., Awaitable[object]]", self.function.call)
            returned = await call(**arguments)
        else:
            run = contextvars.copy_context().run
            loop = asyncio.get_running_loop()
            returned = await loop.run_in_executor(
                pool, lambda: run(self.function.call, **arguments)
            )
        return self._result(returned, outs)

    def _arguments(self) -> dict[str, object]:
        arguments = {name: self._decoded(name, datum) for name, datum in self.inputs.items()}
        if self.function.requires_context:
            arguments["context"] = _context(self.function, self.invocation_id, self.trace)
        return arguments

    def _decoded(self, parameter: str, datum: Datum) -> object:
        kind = self.function.inputs[parameter]
        converter = converter_for(kind)
        metadata = self.metadata if converter.has_trigger_support() else dict[str, Datum]()
        try:
            return converter.decode(datum, trigger_metadata=metadata)
        except NotImplementedError as error:
            text = f"unable to decode incoming TypedData: {datum!r} for binding {kind}"
            raise TypeError(text) from error

    def _result(self, returned: object, outs: Mapping[str, _Out]) -> InvocationResult:
        kind = self.function.return_type
        if returned is not None and kind is None:
            raise RuntimeError(
                f"function {self.function.name!r} without a $return binding "
                "returned a non-None value"
            )
        return InvocationResult(
            self.invocation_id,
            returned=_encoded(kind, returned) if kind else None,
            outputs={
                name: _encoded(self.function.outputs[name], out.value)
                for name, out in outs.items()
                if out.value is not None
            },
        )


def _encoded(kind: str, value: object) -> Datum:
    try:
        return converter_for(kind).encode(value, expected_type=None)
    except NotImplementedError as error:
        text = f"unable to encode a {type(value).__name__} for a {kind} binding"
        raise TypeError(text) from error
