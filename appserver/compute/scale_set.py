"""The instances of a virtual machine scale set, from Azure Resource Manager by managed identity.

Two GETs are all that is asked, hence no management SDK.

Source: Azure Container Apps, managed identity REST endpoint; Azure Resource Manager,
`virtualMachineScaleSets/{name}/networkInterfaces`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import httpx
from pydantic import JsonValue

from appserver.compute.node import NodeAddress
from appserver.compute.node_sources import NodeSourceError, on_ports
from contracts.errors import JsonTextError
from contracts.json_text import parse_json
from contracts.model import JsonObject

_TOKEN_VERSION = "2019-08-01"  # noqa: S105 - the version of an API
_INTERFACES_VERSION = "2018-10-01"
_EARLY_S = 300
_TIMEOUT_S = 10
_MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class ManagedIdentity:
    """The endpoint that gives tokens inside the container; `client_id` names one of several."""

    endpoint: str
    header: str
    client_id: str | None = None


@dataclass(slots=True)
class ScaleSetNodes:
    """One node for each instance's private address, and each of the ports.

    `resource_id`: `/subscriptions/../virtualMachineScaleSets/{name}`; `now`: seconds since 1970.
    """

    arm_url: str
    resource_id: str
    identity: ManagedIdentity
    ports: tuple[int, ...]
    agent_port: int | None
    now: Callable[[], float]
    _http: httpx.AsyncClient = field(
        default_factory=lambda: httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False)
    )
    _token: str = ""
    _expires_at: float = 0.0

    async def addresses(self) -> list[NodeAddress]:
        """List the network interfaces of all instances, page by page.

        Raises:
            NodeSourceError: no token, no answer, or another shape than documented.
        """
        try:
            token = await self._bearer()
            hosts = await self._hosts(token)
        except (httpx.HTTPError, JsonTextError, KeyError, TypeError, ValueError) as error:
            raise NodeSourceError(f"the scale set cannot be listed: {error!r:.200}") from error
        return on_ports(hosts, self.ports, self.agent_port)

    async def close(self) -> None:
        """Close connections."""
        await self._http.aclose()

    async def _bearer(self) -> str:
        """A token that is good for minutes more."""
        if self.now() < self._expires_at - _EARLY_S:
            return self._token
        wanted = {"resource": f"{self.arm_url}/", "api-version": _TOKEN_VERSION}
        if self.identity.client_id:
            wanted["client_id"] = self.identity.client_id
        headers = {"X-IDENTITY-HEADER": self.identity.header}
        document = await self._get(self.identity.endpoint, wanted, headers)
        self._token = str(document["access_token"])
        self._expires_at = float(str(document["expires_on"]))
        return self._token

    async def _hosts(self, token: str) -> list[str]:
        hosts: list[str] = []
        url: JsonValue = f"{self.arm_url}{self.resource_id}/networkInterfaces"
        query = {"api-version": _INTERFACES_VERSION}
        for _ in range(_MOST_PAGES):
            page = await self._get(str(url), query, {"Authorization": f"Bearer {token}"})
            for interface in cast("list[JsonObject]", page["value"]):
                hosts += _private_addresses(interface)
            url, query = page.get("nextLink"), {}
            if not url:
                return hosts
            if not str(url).startswith(f"{self.arm_url}/"):
                raise ValueError("the next page is elsewhere")  # the token would go there
            await asyncio.sleep(0)
        raise ValueError("too many pages")

    async def _get(self, url: str, query: dict[str, str], headers: dict[str, str]) -> JsonObject:
        response = await self._http.get(url, params=query or None, headers=headers)
        document = parse_json(response.raise_for_status().content)
        if not isinstance(document, dict):
            raise TypeError("not an object")
        return document


def _private_addresses(interface: JsonObject) -> list[str]:
    """The primary address of one network interface; an instance in creation has none yet."""
    properties = cast("JsonObject", interface["properties"])
    found: list[str] = []
    for entry in cast("list[JsonObject]", properties.get("ipConfigurations", [])):
        configuration = cast("JsonObject", entry["properties"])
        address = configuration.get("privateIPAddress")
        if properties.get("primary", True) and configuration.get("primary", True) and address:
            found.append(str(address))
    return found[:1]
