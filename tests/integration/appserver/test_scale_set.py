"""Nodes from a scale set: Azure Resource Manager and the identity endpoint, as documented."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from appserver.compute.node import NodeAddress
from appserver.compute.node_sources import NodeSourceError, node_address, on_ports
from appserver.compute.scale_set import ManagedIdentity, ScaleSetNodes

SET = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute"
    "/virtualMachineScaleSets/vmss-rhino"
)


def interface(
    address: str | None, *, is_primary: bool = True, second: str | None = None
) -> dict[str, Any]:
    listed = [(address, True), (second, False)]
    configurations = [
        {"properties": {"privateIPAddress": one, "primary": primary}}
        for one, primary in listed
        if one is not None
    ]
    return {"properties": {"primary": is_primary, "ipConfigurations": configurations}}


@dataclass
class Azure:
    """Both endpoints; `pages` are lists of network interfaces."""

    pages: list[list[dict[str, Any]]] = field(default_factory=lambda: [[]])
    url: str = ""
    tokens: int = 0
    lists: int = 0
    next_link: str | None = None
    expires_on: object = "2000"

    async def token(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["X-IDENTITY-HEADER"] == "header"
        assert request.query["resource"] == f"{self.url}/"
        assert request.query["client_id"] == "client"
        self.tokens += 1
        return web.json_response({"access_token": f"t{self.tokens}", "expires_on": self.expires_on})

    async def interfaces(self, request: web.Request) -> web.StreamResponse:
        self.lists += 1
        if request.headers["Authorization"] != f"Bearer t{self.tokens}":
            return web.json_response({"error": {"code": "InvalidAuthenticationToken"}}, status=401)
        page = int(request.query.get("page", "0"))
        assert page or request.query["api-version"]
        answer: dict[str, Any] = {"value": self.pages[page]}
        if page + 1 < len(self.pages):
            path = f"{SET}/networkInterfaces?page={page + 1}"
            answer["nextLink"] = self.next_link or f"{self.url}{path}"
        return web.json_response(answer)


@pytest.fixture
async def azure() -> AsyncIterator[Azure]:
    azure = Azure()
    app = web.Application()
    app.router.add_get("/identity", azure.token)
    app.router.add_get(f"{SET}/networkInterfaces", azure.interfaces)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    azure.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield azure
    await runner.cleanup()


@asynccontextmanager
async def nodes_of(azure: Azure, now: list[float]) -> AsyncIterator[ScaleSetNodes]:
    identity = ManagedIdentity(f"{azure.url}/identity", "header", "client")
    nodes = ScaleSetNodes(azure.url, SET, identity, (6500, 6501), 6400, lambda: now[0])
    yield nodes
    await nodes.close()


async def test_each_instance_is_a_host_of_nodes_and_pages_are_followed(azure: Azure) -> None:
    azure.pages = [
        [interface("10.0.0.4", second="10.0.0.9"), interface("10.1.0.4", is_primary=False)],
        [interface("10.0.0.5"), interface(None)],  # the last one is being made
    ]
    async with nodes_of(azure, [0.0]) as nodes:
        found = await nodes.addresses()
    assert [address.url for address in found] == [
        f"http://10.0.0.{host}:{port}" for host in (4, 5) for port in (6500, 6501)
    ]
    assert {address.agent_url for address in found} == {
        "http://10.0.0.4:6400",
        "http://10.0.0.5:6400",
    }
    assert (azure.tokens, azure.lists) == (1, 2)


async def test_a_token_is_used_until_shortly_before_its_end(azure: Azure) -> None:
    now = [0.0]
    async with nodes_of(azure, now) as nodes:
        for now[0], tokens in ((0, 1), (1_690, 1), (1_710, 2)):
            await nodes.addresses()
            assert azure.tokens == tokens


@pytest.mark.parametrize(
    "wrong",
    [
        {"next_link": "https://elsewhere.example/page", "pages": [[], []]},
        {"pages": [[{"no": "properties"}]]},
        {"expires_on": "soon"},
    ],
)
async def test_what_is_not_as_documented_is_an_error_that_names_no_token(
    azure: Azure, wrong: dict[str, Any]
) -> None:
    for name, value in wrong.items():
        setattr(azure, name, value)
    async with nodes_of(azure, [0.0]) as nodes:
        with pytest.raises(NodeSourceError, match="cannot be listed") as failed:
            await nodes.addresses()
    assert "t1" not in str(failed.value).split("'")


async def test_azure_away_is_an_error(azure: Azure) -> None:
    identity = ManagedIdentity(f"{azure.url}/identity", "header", "client")
    nodes = ScaleSetNodes("http://127.0.0.1:9", SET, identity, (1,), None, lambda: 0)
    with pytest.raises(NodeSourceError):
        await nodes.addresses()
    await nodes.close()


def test_addresses_of_hosts() -> None:
    assert on_ports(["10.0.0.4", "fd00::4"], (6500,), None) == [
        NodeAddress("http://10.0.0.4:6500"),
        NodeAddress("http://[fd00::4]:6500"),
    ]
    assert node_address("http://[fd00::4]:6500", 6400).agent_url == "http://[fd00::4]:6400"
    assert node_address("https://engine.example", 6400).agent_url == "https://engine.example:6400"
