"""Builds the host of one app: worker, triggers, outputs and the HTTP server."""

import asyncio
import contextlib
import socket
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from devstack.functions_host import admin
from devstack.functions_host.admin import AdminEndpoint
from devstack.functions_host.app_settings import AppSettings, load_app_settings
from devstack.functions_host.clock import SystemClock
from devstack.functions_host.errors import AppLoadError
from devstack.functions_host.event_log import log_event, log_warning
from devstack.functions_host.function import Function
from devstack.functions_host.host_json import HostJson, read_host_json
from devstack.functions_host.http_trigger import HttpTrigger, http_routes
from devstack.functions_host.keys import Keys
from devstack.functions_host.runner import Runner
from devstack.functions_host.service_bus_output import ServiceBusOutputs
from devstack.functions_host.service_bus_trigger import ServiceBusTrigger, queue_source
from devstack.functions_host.timer_state import TimerState
from devstack.functions_host.timer_trigger import TimerTrigger, timer_schedule
from devstack.functions_host.worker import Worker

_CLOSE_S = 5.0
_TRIGGERS = frozenset({"httpTrigger", "serviceBusTrigger", "timerTrigger"})
_OUTPUTS = frozenset({"http", "serviceBus"})


class _Server(uvicorn.Server):
    """Leaves the signals to the host, which has more than HTTP to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class Host:
    """One running app; built by `build_host`."""

    def __init__(self, parts: "_Parts", function_count: int) -> None:
        self.function_count = function_count
        self._parts = parts
        config = uvicorn.Config(
            parts.application, log_config=None, access_log=False, lifespan="off", ws="none"
        )
        self._server = _Server(config)
        self._serving: asyncio.Task[None] | None = None

    async def start(self, listener: socket.socket) -> None:
        """Return when every trigger listens; a bus that is away is retried behind this call."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        await asyncio.gather(*(trigger.start() for trigger in self._parts.triggers))
        log_event("host_started", functions=self.function_count)

    async def stop(self, grace_s: float) -> bool:
        """Take no new work, wait for the running invocations; whether nothing runs any more."""
        log_event("host_stopping", grace_s=grace_s)
        self._server.should_exit = True
        ends = [asyncio.ensure_future(trigger.stop()) for trigger in self._parts.triggers]
        if self._serving is not None:
            ends.append(self._serving)
        if not await self._parts.worker.drain(grace_s):
            log_warning("shutdown_grace_exceeded", grace_s=grace_s)
            return False
        await asyncio.wait(ends, timeout=_CLOSE_S)
        await self._parts.outputs.close()
        log_event("host_stopped")
        return not self._parts.worker.has_stuck_threads


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a host starts and stops."""

    worker: Worker
    outputs: ServiceBusOutputs
    triggers: Sequence[ServiceBusTrigger | TimerTrigger]
    application: ASGIApp


def build_host(app_folder: Path, state_folder: Path, keys: Keys) -> Host:
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
    runner = Runner(worker, outputs)
    timers = _timers(functions, settings, TimerState(state_folder / "timers"), runner)
    queues = _queue_triggers(functions, settings, host_json, runner)
    routes = http_routes(functions, host_json.extensions.http.route_prefix, settings)
    by_name = {function.name.lower(): function for function in functions}
    application = _application(
        AdminEndpoint(by_name, timers, keys, runner), HttpTrigger(routes, keys, runner)
    )
    parts = _Parts(worker, outputs, [*queues, *timers.values()], application)
    return Host(parts, len(functions))


def _refuse_unknown(functions: Sequence[Function]) -> None:
    """A trigger or binding that nobody serves would be silent: refuse it instead."""
    for function in functions:
        for binding in function.bindings:
            known = _OUTPUTS if binding.is_output else _TRIGGERS
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


def _application(endpoint: ASGIApp, functions: ASGIApp) -> ASGIApp:
    """The admin endpoint stands before every function's route."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        is_admin = str(scope["path"]).lower().startswith(admin.PREFIX)
        await (endpoint if is_admin else functions)(scope, receive, send)

    return serve
