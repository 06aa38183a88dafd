"""Builds the host of one app: worker, triggers, outputs and the HTTP server."""

import asyncio
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from devstack.functions_host import admin
from devstack.functions_host.admin import AdminEndpoint
from devstack.functions_host.app_settings import AppSettings, load_app_settings
from devstack.functions_host.clock import SystemClock
from devstack.functions_host.durable.binding import WEBHOOK
from devstack.functions_host.durable.serving import DurableHub, open_place
from devstack.functions_host.errors import AppLoadError
from devstack.functions_host.event_log import log_event, log_warning
from devstack.functions_host.function import Function
from devstack.functions_host.host_json import HostJson, read_host_json
from devstack.functions_host.http_server import HttpServer
from devstack.functions_host.http_trigger import HttpTrigger, http_routes
from devstack.functions_host.keys import Keys
from devstack.functions_host.runner import Runner
from devstack.functions_host.service_bus_output import ServiceBusOutputs
from devstack.functions_host.service_bus_trigger import ServiceBusTrigger, queue_source
from devstack.functions_host.timer_state import TimerState
from devstack.functions_host.timer_trigger import TimerTrigger, timer_schedule
from devstack.functions_host.worker import Worker

_CLOSE_S = 5.0
_INPUTS = frozenset(
    {
        "httpTrigger",
        "serviceBusTrigger",
        "timerTrigger",
        "orchestrationTrigger",
        "activityTrigger",
        "durableClient",
    }
)
_OUTPUTS = frozenset({"http", "serviceBus"})


class Host:
    """One running app; built by `build_host`."""

    def __init__(self, parts: "_Parts", function_count: int) -> None:
        self.function_count = function_count
        self._parts = parts
        self._server = HttpServer(parts.application)

    async def start(self, listener: socket.socket) -> None:
        """Return when every trigger listens; a bus that is away is retried behind this call."""
        self._server.start(listener)
        await asyncio.gather(*(trigger.start() for trigger in self._parts.triggers))
        log_event("host_started", functions=self.function_count)

    async def stop(self, grace_s: float) -> bool:
        """Take no new work, wait for the running invocations; whether nothing runs any more."""
        log_event("host_stopping", grace_s=grace_s)
        self._server.stop_accepting()
        ends = [asyncio.ensure_future(trigger.stop()) for trigger in self._parts.triggers]
        ends.append(asyncio.ensure_future(self._server.ended()))
        if not await self._parts.worker.drain(grace_s):
            log_warning("shutdown_grace_exceeded", grace_s=grace_s)
            return False
        await asyncio.wait(ends, timeout=_CLOSE_S)
        if self._parts.durable is not None:
            await self._parts.durable.close()
        await self._parts.outputs.close()
        log_event("host_stopped")
        return not self._parts.worker.has_stuck_threads


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a host starts and stops."""

    worker: Worker
    outputs: ServiceBusOutputs
    triggers: Sequence[ServiceBusTrigger | TimerTrigger | DurableHub]
    application: ASGIApp
    durable: DurableHub | None


def build_host(app_folder: Path, state_folder: Path, keys: Keys, public_url: str) -> Host:
    """Read host.json and the settings, index the app and connect its triggers.

    Raises:
        HostError: one of the reasons listed in errors.
    """
    host_json = read_host_json(app_folder)
    settings = load_app_settings(app_folder)
    worker = Worker(app_folder, host_json.function_timeout)
    functions = worker.index()
    _refuse_unknown(functions)
    outputs = ServiceBusOutputs(settings)
    outputs.check(functions)
    section = host_json.extensions.durable_task
    place = open_place(functions, section, settings, keys, public_url)
    runner = Runner(worker, outputs, place.address.binding() if place else "")
    durable = DurableHub(place, section, functions, runner, state_folder) if place else None
    timers = _timers(functions, settings, TimerState(state_folder / "timers"), runner)
    queues = _queue_triggers(functions, settings, host_json, runner)
    routes = http_routes(functions, host_json.extensions.http.route_prefix, settings)
    by_name = {function.name.lower(): function for function in functions}
    application = _application(
        AdminEndpoint(by_name, timers, keys, runner),
        HttpTrigger(routes, keys, runner),
        durable.webhook if durable else None,
    )
    triggers = [*queues, *timers.values(), *([durable] if durable else [])]
    return Host(_Parts(worker, outputs, triggers, application, durable), len(functions))


def _refuse_unknown(functions: Sequence[Function]) -> None:
    """A trigger or binding that nobody serves would be silent: refuse it instead."""
    for function in functions:
        for binding in function.bindings:
            known = _OUTPUTS if binding.is_output else _INPUTS
            if binding.type not in known:
                text = f"function {function.name}: this host does not serve {binding.type} bindings"
                raise AppLoadError(text)


def _timers(
    functions: Sequence[Function], settings: AppSettings, state: TimerState, runner: Runner
) -> Mapping[str, TimerTrigger]:
    clock = SystemClock()
    return {
        one.name: TimerTrigger(one, timer_schedule(one, settings, clock), state, clock, runner)
        for one in functions
        if one.trigger.type == "timerTrigger"
    }


def _queue_triggers(
    functions: Sequence[Function], settings: AppSettings, host_json: HostJson, runner: Runner
) -> Sequence[ServiceBusTrigger]:
    section = host_json.extensions.service_bus
    return [
        ServiceBusTrigger(one, queue_source(one, settings, section), section, runner)
        for one in functions
        if one.trigger.type == "serviceBusTrigger"
    ]


def _application(endpoint: ASGIApp, functions: ASGIApp, webhook: ASGIApp | None) -> ASGIApp:
    """The admin endpoint and webhooks stand before every function's route."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"]).lower()
        if path.startswith(admin.PREFIX):
            await endpoint(scope, receive, send)
        elif webhook is not None and path.startswith(WEBHOOK):
            await webhook(scope, receive, send)
        else:
            await functions(scope, receive, send)

    return serve
