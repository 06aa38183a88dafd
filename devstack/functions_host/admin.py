"""``POST /admin/functions/{name}`` with the master key: run a function that has no HTTP trigger.

Source: https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http
"""

import asyncio
import json
from collections.abc import Coroutine, Mapping
from typing import cast
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from devstack.functions_host.event_log import log_event
from devstack.functions_host.function import Function
from devstack.functions_host.http_trigger import offered_key
from devstack.functions_host.keys import Keys
from devstack.functions_host.request_body import read_body
from devstack.functions_host.runner import Runner
from devstack.functions_host.service_bus_wire import batch_datums, single_datums
from devstack.functions_host.timer_trigger import TimerTrigger

PREFIX = "/admin/functions/"
_MAX_INPUT_BYTES = 1024 * 1024


class AdminEndpoint:
    """Starts functions at once and answers 202 without waiting for them."""

    def __init__(
        self,
        functions: Mapping[str, Function],
        timers: Mapping[str, TimerTrigger],
        keys: Keys,
        runner: Runner,
    ) -> None:
        self._functions, self._timers = functions, timers
        self._keys, self._runner = keys, runner
        self._tasks: set[asyncio.Task[object]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; 401, 404 and 400 as their texts say."""
        request = Request(scope, receive)
        response = await self._answer(request)
        log_event(
            "admin_request_answered",
            method=request.method,
            path=request.url.path,
            status=response.status_code,
        )
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if not self._keys.opens("admin", "", offered_key(request)):
            return Response(status_code=401)
        function = self._functions.get(request.url.path.removeprefix(PREFIX).lower())
        if function is None or request.method != "POST":
            return Response(status_code=404)
        try:
            text = _input_text(await read_body(request, _MAX_INPUT_BYTES))
        except ValueError:
            return PlainTextResponse('expected {"input": TEXT}', status_code=400)
        call = self._call(function, text)
        if call is None:
            wanted = "only timer and Service Bus functions are run here"
            return PlainTextResponse(wanted, status_code=400)
        task = asyncio.create_task(call)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return Response(status_code=202)

    def _call(self, function: Function, text: str) -> Coroutine[object, object, object] | None:
        if function.name in self._timers:
            return self._timers[function.name].run_now()
        trigger = function.trigger
        if trigger.type != "serviceBusTrigger":
            return None
        empty: dict[str, object] = {}
        found = {"MessageId": uuid4().hex, "DeliveryCount": 1, "SequenceNumber": 0}
        found |= {"ApplicationProperties": empty, "UserProperties": empty}
        is_binary = trigger.is_enum("dataType", "BINARY")
        if trigger.is_enum("cardinality", "MANY"):
            message, metadata = batch_datums([text.encode()], [found], is_binary=is_binary)
        else:
            message, metadata = single_datums(text.encode(), found, is_binary=is_binary)
        return self._runner.run(function, message, metadata)


def _input_text(body: bytes) -> str:
    """The ``input`` of a request; text as it is, anything else as JSON, "" for none.

    Raises:
        ValueError: the body is not a JSON object.
    """
    parsed = cast("object", json.loads(body or b"{}"))
    if not isinstance(parsed, dict):
        raise ValueError("expected an object")  # noqa: TRY004 - the caller sent it
    value = cast("dict[str, object]", parsed).get("input", "")
    return value if isinstance(value, str) else json.dumps(value)
