"""The task hub of a host: its database, its two HTTP endpoints and its dispatcher."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from devstack.functions_host.app_settings import AppSettings
from devstack.functions_host.clock import SystemClock
from devstack.functions_host.durable.binding import RPC, WEBHOOK, HubAddress
from devstack.functions_host.durable.calls import Calls
from devstack.functions_host.durable.client import HubClient
from devstack.functions_host.durable.endpoint import Access, DurableEndpoint
from devstack.functions_host.durable.episodes import Episodes, VersionRules
from devstack.functions_host.durable.functions import durable_functions
from devstack.functions_host.durable.hub import Limits, TaskHub
from devstack.functions_host.durable.store import DATABASE, open_store
from devstack.functions_host.function import Function
from devstack.functions_host.host_json import DurableTaskSection
from devstack.functions_host.http_server import HttpServer
from devstack.functions_host.keys import DURABLE_EXTENSION, Keys
from devstack.functions_host.runner import Runner

_DURABLE_BINDINGS = frozenset({"orchestrationTrigger", "activityTrigger", "durableClient"})


@dataclass(frozen=True, slots=True)
class HubPlace:
    """Where a hub will listen; the RPC endpoint has no key and so a loopback port of its own."""

    address: HubAddress
    rpc_listener: socket.socket
    keys: Keys


def open_place(
    functions: Sequence[Function],
    section: DurableTaskSection,
    settings: AppSettings,
    keys: Keys,
    public_url: str,
) -> HubPlace | None:
    """Take the RPC port; None for an app without Durable functions.

    Raises:
        SettingError: a setting that the hub's name names is missing.
    """
    bindings = {binding.type for function in functions for binding in function.bindings}
    if not bindings & _DURABLE_BINDINGS:
        return None
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    address = HubAddress(
        hub_name=settings.resolve(section.hub_name, "extensions.durableTask.hubName"),
        webhook_url=public_url + WEBHOOK,
        rpc_url=f"http://127.0.0.1:{listener.getsockname()[1]}{RPC}",
        key=keys.system[DURABLE_EXTENSION],
    )
    return HubPlace(address, listener, keys)


class DurableHub:
    """Starts and stops with the triggers; `close` comes last.

    Attributes:
        webhook: the application under the public address.
    """

    def __init__(
        self,
        place: HubPlace,
        section: DurableTaskSection,
        functions: Sequence[Function],
        runner: Runner,
        state_folder: Path,
    ) -> None:
        self._listener = place.rpc_listener
        self._store = open_store(state_folder / DATABASE)
        self._limits = Limits(
            activities=section.max_concurrent_activity_functions,
            orchestrators=section.max_concurrent_orchestrator_functions,
        )
        clock, calls, found = SystemClock(), Calls(runner), durable_functions(functions)
        versions = VersionRules(
            section.default_version,
            section.version_match_strategy,
            section.version_failure_strategy,
        )
        episodes = Episodes(self._store, found, calls, versions, clock)
        self._hub = TaskHub(self._store, episodes, found, calls, clock)
        client = HubClient(self._store, self._hub, found, versions.default, clock)
        opens = partial(place.keys.opens_extension, DURABLE_EXTENSION)
        self.webhook = DurableEndpoint(client, place.address, Access(WEBHOOK, opens))
        self._rpc = HttpServer(DurableEndpoint(client, place.address, Access(RPC, _open)))

    async def start(self) -> None:
        """Serve clients and take up what a former process left."""
        self._rpc.start(self._listener)
        await self._hub.start(self._limits)

    async def stop(self) -> None:
        """Begin no more episodes and activities; running functions can still reach the hub."""
        await self._hub.stop()

    async def close(self) -> None:
        """Let go of the port and the database."""
        self._rpc.stop_accepting()
        await self._rpc.ended()
        self._store.close()


def _open(_: str) -> bool:
    return True
