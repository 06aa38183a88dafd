"""Drives Microsoft's own worker (azure_functions_runtime) as the Functions host does."""

import importlib
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

from devstack.functions_host.real_worker.protocol import protocol

_SUCCESS = 1
_HOST_VERSION = "4.1045.0"


class WorkerRefusalError(Exception):
    """The worker does not accept the app; the text is the worker's own."""

    code = "worker_refused"


@dataclass(frozen=True, slots=True)
class IndexedFunction:
    """A function as the worker reports it."""

    name: str
    function_id: str
    bindings: Sequence[Mapping[str, object]]

    @property
    def trigger(self) -> Mapping[str, object]:
        """Its trigger binding."""
        return next(one for one in self.bindings if str(one["type"]).endswith("Trigger"))


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request for an HTTP function, as the host would pass it on."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    params: Mapping[str, str]
    body: bytes


class RealWorker:
    """One app in Microsoft's worker; once per process."""

    def __init__(self, app_folder: Path) -> None:
        self.version = ""
        self._folder = str(app_folder)
        self._types = protocol()
        os.environ.setdefault("FUNCTIONS_WORKER_RUNTIME", "python")
        sys.path.insert(0, self._folder)
        os.chdir(self._folder)
        # The library has no types, and exists for Python 3.13 and later only.
        self._runtime = cast("Any", importlib.import_module("azure_functions_runtime"))

    async def index(self) -> Sequence[IndexedFunction]:
        """Start the worker, let it index the app and load every function.

        Raises:
            WorkerRefusalError: the worker refuses the app.
        """
        # Without its own pool the worker runs synchronous functions in the loop's default one.
        self._runtime.start_threadpool_executor()
        start = self._types.WorkerInitRequest(
            host_version=_HOST_VERSION,
            capabilities={},
            worker_directory=self._folder,
            function_app_directory=self._folder,
        )
        started = await self._ask("worker_init_request", start)
        if started.result.status != _SUCCESS:
            raise WorkerRefusalError(started.result.exception.message)
        self.version = f"{started.worker_metadata.worker_version}"
        answer = await self._ask("functions_metadata_request", None)
        indexed = cast("list[Any]", answer.function_metadata_results or [])
        return [await self._load(found) for found in indexed]

    async def invoke_http(self, function: IndexedFunction, request: HttpRequest) -> dict[str, Any]:
        """Call an HTTP function.

        Returns:
            ``{"ok": bool, "return": ..., "exception": text?, "stack": text?}``.
        """
        types = self._types
        body = types.TypedData(bytes=request.body) if request.body else types.TypedData()
        call = types.RpcHttp(
            method=request.method,
            url=request.url,
            headers=dict(request.headers),
            query=dict(request.query),
            params=dict(request.params),
            body=body,
        )
        return await self._invoke(function, types.TypedData(http=call))

    async def invoke_text(self, function: IndexedFunction, text: str) -> dict[str, Any]:
        """Call a function whose trigger is a text, as that of an orchestrator or activity is.

        Returns:
            As `invoke_http`.
        """
        return await self._invoke(function, self._types.TypedData(string=text))

    async def _invoke(self, function: IndexedFunction, value: object) -> dict[str, Any]:
        types = self._types
        trigger = types.ParameterBinding(name=str(function.trigger["name"]), data=value)
        invocation = types.InvocationRequest(
            invocation_id=str(uuid4()),
            function_id=function.function_id,
            input_data=[trigger],
            trigger_metadata={},
            trace_context=SimpleNamespace(trace_parent="", trace_state="", attributes={}),
        )
        return _plain_answer(await self._ask("invocation_request", invocation))

    async def _load(self, found: Any) -> IndexedFunction:  # noqa: ANN401 - the library's own
        load = self._types.FunctionLoadRequest(function_id=found.function_id, metadata=found)
        loaded = await self._ask("function_load_request", load)
        if loaded.result.status != _SUCCESS:
            raise WorkerRefusalError(f"{found.name}: {loaded.result.exception.message}")
        bindings = [json.loads(text) for text in found.raw_bindings]
        return IndexedFunction(str(found.name), str(found.function_id), bindings)

    async def _ask(self, verb: str, message: object) -> Any:  # noqa: ANN401 - the library's own
        content = SimpleNamespace(request_id="check", **{verb: message})
        properties = {"host": "127.0.0.1", "protos": self._types}
        ask = cast("Callable[[object], Awaitable[Any]]", getattr(self._runtime, verb))
        return await ask(SimpleNamespace(request=content, properties=properties))


def _plain_answer(answer: Any) -> dict[str, Any]:  # noqa: ANN401 - the library's own
    plain: dict[str, Any] = {"ok": answer.result.status == _SUCCESS}
    if not plain["ok"]:
        failure = answer.result.exception
        plain |= {"exception": failure.message, "stack": failure.stack_trace}
    if "return_value" in answer.__dict__:
        plain["return"] = answer.return_value.as_plain()
    return plain
