"""The Durable extension's HTTP API, for the SDK (no key) and for webhooks (system key).

Source: HttpApiHandler.cs of https://github.com/Azure/azure-functions-durable-extension and
https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-http-api
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from devstack.functions_host.durable.binding import HubAddress, management_urls
from devstack.functions_host.durable.client import (
    BadRequestError,
    ConflictError,
    HubClient,
    Start,
)
from devstack.functions_host.durable.history import compact
from devstack.functions_host.durable.instance_list import parse_filter
from devstack.functions_host.durable.records import UNFINISHED, Instance
from devstack.functions_host.durable.status import (
    Shown,
    instance_status,
    shown_history,
    shown_json,
)
from devstack.functions_host.event_log import log_event
from devstack.functions_host.http_trigger import offered_key
from devstack.functions_host.request_body import BodyTooLargeError, read_body

_START_PARTS = (2, 3)
_RAISE_PARTS = 4


@dataclass(frozen=True, slots=True)
class Access:
    """Under which path an endpoint answers and which keys open it."""

    prefix: str
    opens: Callable[[str], bool]


class DurableEndpoint:
    """One ASGI application; a host serves two of them for one hub."""

    def __init__(self, client: HubClient, address: HubAddress, access: Access) -> None:
        self._client, self._address, self._access = client, address, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and log it without its query, which may hold a key."""
        request = Request(scope, receive)
        response = await self._guarded(request)
        log_event(
            "durable_request_answered",
            method=request.method,
            path=request.url.path,
            status=response.status_code,
        )
        await response(scope, receive, send)

    async def _guarded(self, request: Request) -> Response:
        raw = cast("bytes", request.scope["raw_path"]).decode("ascii", "replace")
        path = unquote(raw.partition("?")[0])
        if not path.startswith(self._access.prefix + "/"):
            return Response(status_code=404)
        if not self._access.opens(offered_key(request)):
            return Response(status_code=401)
        parts = path.removeprefix(self._access.prefix).strip("/").split("/")
        try:
            return await self._answer(request, parts)
        except BadRequestError as error:
            said = "One or more of the arguments submitted is incorrect"
            return _problem(400, said, "System.ArgumentException", error)
        except ConflictError as error:
            said = "Something went wrong while processing your request"
            return _problem(500, said, "System.InvalidOperationException", error)
        except BodyTooLargeError:
            return Response(status_code=413)

    async def _answer(self, request: Request, parts: list[str]) -> Response:
        is_start = parts[0] == "orchestrators" and len(parts) in _START_PARTS
        if is_start and request.method == "POST":
            return await self._start(request, parts)
        if parts[0] == "entities":
            return JSONResponse({"Message": "this task hub serves no entities"}, 501)
        if parts[0] != "instances":
            return Response(status_code=404)
        if parts[1:] in ([], [""]):
            return self._several(request)
        return await self._on_instance(request, parts)

    async def _on_instance(self, request: Request, parts: list[str]) -> Response:
        instance = self._client.store.instance(parts[1])
        verb = parts[2].lower() if len(parts) > 2 else ""  # noqa: PLR2004 - instances/ID/VERB
        if instance is None:
            said = "InstanceId does not match a valid orchestration instance."
            is_restart = verb == "restart"
            return JSONResponse({"Message": said}, 400) if is_restart else Response(status_code=404)
        if verb:
            return await self._change(request, instance, parts)
        if request.method == "DELETE":
            return JSONResponse({"instancesDeleted": self._client.purge([instance])})
        return self._one(request, instance)

    async def _start(self, request: Request, parts: list[str]) -> Response:
        given = await _json_body(request)
        wanted = Start(
            name=parts[1],
            instance_id=parts[2] if len(parts) == max(_START_PARTS) else None,
            input=None if given is None else compact(given),
            version=request.query_params.get("version"),
        )
        return await self._started(request, self._client.start(wanted))

    async def _started(self, request: Request, instance_id: str) -> Response:
        """The check-status answer, or the output where the caller wants to wait for it."""
        query = request.query_params
        if "timeout" in query and "pollingInterval" in query:
            timeout_s = _number(query["timeout"])
            instance = await self._client.hub.wait_over(instance_id, timeout_s)
            if instance is not None and instance.status == "Completed":
                return JSONResponse(shown_json(instance.output))
            if instance is not None and instance.is_over:
                return JSONResponse(instance_status(instance))
        base = f"{request.url.scheme}://{request.url.netloc}{self._access.prefix}"
        key = query.get("code", "")
        urls = management_urls(base, instance_id, self._address.hub_name, key)
        del urls["rewindPostUri"]
        return JSONResponse(urls, 202, {"Location": urls["statusQueryGetUri"], "Retry-After": "10"})

    def _one(self, request: Request, instance: Instance) -> Response:
        shows_input = _flag(request, "showInput", default=True)
        body = instance_status(instance, shows_input=shows_input)
        if _flag(request, "showHistory") and instance.status != "Pending":
            shown = Shown(shows_input, _flag(request, "showHistoryOutput"))
            events = self._client.store.history(instance.id)
            body["historyEvents"] = shown_history(events, shown)
        if not instance.is_over:
            return JSONResponse(body, 202, {"Location": str(request.url), "Retry-After": "5"})
        is_told = _flag(request, "returnInternalServerErrorOnFailure")
        return JSONResponse(body, 500 if is_told and instance.status == "Failed" else 200)

    async def _change(self, request: Request, instance: Instance, parts: list[str]) -> Response:
        verb, reason = parts[2].lower(), request.query_params.get("reason")
        if request.method != "POST":
            return Response(status_code=404)
        if verb == "rewind":
            return JSONResponse({"Message": "this task hub does not rewind"}, 501)
        if verb == "restart":
            keeps_id = not _flag(request, "restartWithNewInstanceId", default=True)
            return await self._started(request, self._client.restart(instance, keeps_id=keeps_id))
        if instance.is_over:
            return Response(status_code=410)
        if verb == "raiseevent" and len(parts) == _RAISE_PARTS:
            return await self._raise(request, instance, parts[3])
        return Response(status_code=202 if self._control(verb, instance, reason) else 404)

    def _control(self, verb: str, instance: Instance, reason: str | None) -> bool:
        match verb:
            case "terminate":
                self._client.terminate(instance.id, reason)
            case "suspend":
                self._client.suspend(instance, reason)
            case "resume":
                self._client.resume(instance, reason)
            case _:
                return False
        return True

    async def _raise(self, request: Request, instance: Instance, name: str) -> Response:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            said = "Only application/json request content is supported"
            return JSONResponse({"Message": said}, 400)
        self._client.raise_event(instance.id, name, compact(await _json_body(request)))
        return Response(status_code=202)

    def _several(self, request: Request) -> Response:
        found = self._client.store.instances(parse_filter(request.query_params))
        if request.method == "GET":
            statuses = [instance_status(one) for one in found]
            return JSONResponse(statuses, 200, {"x-ms-continuation-token": ""})
        if request.method != "DELETE":
            return Response(status_code=404)
        if "createdTimeFrom" not in request.query_params:
            return JSONResponse("Please provide value for 'createdTimeFrom' parameter.", 400)
        over = [one for one in found if one.status not in UNFINISHED]
        deleted = self._client.purge(over)
        return JSONResponse({"instancesDeleted": deleted}) if deleted else Response(status_code=404)


def _problem(status: int, message: str, kind: str, error: Exception) -> Response:
    fields = {"Message": message, "ExceptionMessage": str(error), "ExceptionType": kind}
    return JSONResponse(fields, status)


def _flag(request: Request, name: str, *, default: bool = False) -> bool:
    return request.query_params.get(name, str(default)).lower() == "true"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise BadRequestError(f"{text!r} is not a number") from error


async def _json_body(request: Request) -> object:
    """The parsed body; None for an empty one."""
    body = await read_body(request)
    try:
        return cast("object", json.loads(body)) if body else None
    except ValueError as error:
        raise BadRequestError(f"the body is not JSON: {error}") from error
