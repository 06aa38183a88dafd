"""Nodes that do what a test says, and the agent beside them (docs/node-agent.md)."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

AGENT_KEY = "agents-key"
Fault = Literal["empty_500", "html_502", "reset", "definition"]


def engine_errors(text: str) -> dict[str, Any]:
    return {
        "values": [],
        "errors": [f'{text}: component "Adder" ({"0" * 8}-0000-0000-0000-{"0" * 12})'],
    }


@dataclass
class FakeNode:
    """Rhino.Compute with `sitefit@1.1.0` alone: adds ten. Solves wait while `gate` is closed."""

    port: int = 0
    fault: Fault | None = None
    canary: Literal["right", "wrong", "silent"] = "right"
    version: str = "8.0.0.0"
    plugins: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=lambda: {"value": "Number"})
    outputs: tuple[str, ...] = ("result",)
    solving: int = 0
    most: int = 0
    solves: list[dict[str, Any]] = field(default_factory=list)
    challenges: list[float] = field(default_factory=list)
    descriptions: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.gate.set()

    @property
    def canaries(self) -> int:
        return len(self.challenges)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def solve(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        [tree] = body["values"]
        [[leaf]] = tree["InnerTree"].values()
        if tree["ParamName"] == "kuduso_canary":
            return await self.answer_canary(float(leaf["data"]))
        if "algo" in body:
            key = hashlib.md5(body["algo"].encode(), usedforsecurity=False).hexdigest().upper()
            self.known.add(f"md5_{key}")
        elif body["pointer"] not in self.known:
            return web.Response(status=500)  # it never read this definition
        self.solves.append(body)
        self.solving += 1
        self.most = max(self.most, self.solving)
        self.asked.set()
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.left.set()
            raise
        finally:
            self.solving -= 1
        return self.faulty(request) or solved("result", float(leaf["data"]) + 10)

    def faulty(self, request: web.Request) -> web.StreamResponse | None:
        match self.fault:
            case "empty_500":
                return web.Response(status=500)
            case "html_502":
                return web.Response(status=502, text="<html>bad gateway</html>")
            case "definition":
                return web.json_response(engine_errors("bad"), status=500)
            case "reset":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
        return None

    async def answer_canary(self, number: float) -> web.StreamResponse:
        self.challenges.append(number)
        if self.canary == "silent":
            await asyncio.Event().wait()
        return solved("kuduso_canary_answer", number + (10 if self.canary == "right" else 11))

    async def describe(self, _: web.Request) -> web.StreamResponse:
        self.descriptions += 1
        inputs = [{"Name": name, "ParamType": kind} for name, kind in self.inputs.items()]
        outputs = [{"Name": name, "ParamType": "Number"} for name in self.outputs]
        return web.json_response({"Inputs": inputs, "Outputs": outputs})

    async def tell_version(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"rhino": "8.9.1", "compute": self.version, "git_sha": None})

    async def tell_plugins(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self.plugins if "/gh/" in request.path else {})


def solved(parameter: str, value: float) -> web.Response:
    tree = {"{0}": [{"type": "System.Double", "data": json.dumps(value)}]}
    return web.json_response({"values": [{"ParamName": parameter, "InnerTree": tree}]})


@dataclass
class Compute:
    """One engine as the agent sees it."""

    node: FakeNode
    state: str = "serving"
    started_at: float = 0.0
    memory_bytes: int = 0
    children: int = 1
    leases: set[str] = field(default_factory=set)
    recycled: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)

    def restart(self, at: float | None = None) -> None:
        """The engine comes back: young, small, and knowing nothing."""
        self.state, self.memory_bytes, self.children = "serving", 0, 1
        self.started_at = self.started_at + 1 if at is None else at
        self.node.known.clear()

    def step(self) -> None:
        if self.state == "draining" and not self.leases:
            self.state = "restarting"


@dataclass
class FakeAgent:
    """The agent of every node of this machine; a test ends restarts itself, with `restart`."""

    computes: dict[int, Compute]
    port: int = 0
    is_broken: bool = False
    requests: list[str] = field(default_factory=list)

    @web.middleware
    async def check(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests.append(f"{request.method} {request.path}")
        if self.is_broken:
            return web.Response(status=500)
        if request.headers.get("NodeAgentKey") != AGENT_KEY:
            return web.json_response({"detail": "NodeAgentKey is missing or wrong"}, status=401)
        return await handler(request)

    async def lease(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        compute = self.computes[body["port"]]
        assert body["lives_s"] > 0
        if compute.state != "serving":
            return web.json_response({"detail": f"the engine is {compute.state}"}, status=409)
        compute.leases.add(body["lease"])
        return web.json_response({}, status=201)

    async def release(self, request: web.Request) -> web.StreamResponse:
        compute = self._holder(request)
        if compute is None:
            return web.Response(status=404)
        compute.leases.discard(request.match_info["lease"])
        compute.step()
        return web.Response(status=204)

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        compute = self._holder(request)
        if compute is None:
            return web.Response(status=404)
        compute.leases.discard(request.match_info["lease"])
        compute.cancelled.append(request.match_info["lease"])
        compute.step()
        return web.json_response({})

    async def show(self, request: web.Request) -> web.StreamResponse:
        compute = self.computes[int(request.match_info["port"])]
        shown = {
            "state": compute.state,
            "leases": len(compute.leases),
            "started_at": compute.started_at,
        }
        children = [{"pid": pid} for pid in range(compute.children)]
        return web.json_response(
            shown | {"memory_bytes": compute.memory_bytes, "children": children}
        )

    async def recycle(self, request: web.Request) -> web.StreamResponse:
        compute = self.computes[int(request.match_info["port"])]
        compute.recycled.append((await request.json())["reason"])
        compute.state = "draining"
        compute.step()
        return web.json_response({}, status=202)

    def _holder(self, request: web.Request) -> Compute | None:
        lease = request.match_info["lease"]
        return next((one for one in self.computes.values() if lease in one.leases), None)


@asynccontextmanager
async def running_node(node: FakeNode) -> AsyncIterator[FakeNode]:
    app = web.Application(client_max_size=1 << 26)
    app.router.add_post("/grasshopper", node.solve)
    app.router.add_post("/io", node.describe)
    app.router.add_get("/version", node.tell_version)
    app.router.add_get("/plugins/{kind}/installed", node.tell_plugins)
    async with _listening(app, node.port) as node.port:
        yield node
        node.gate.set()


@asynccontextmanager
async def running_agent(*nodes: FakeNode) -> AsyncIterator[FakeAgent]:
    agent = FakeAgent({node.port: Compute(node, started_at=1) for node in nodes})
    app = web.Application(middlewares=[agent.check])
    app.router.add_post("/leases", agent.lease)
    app.router.add_delete("/leases/{lease}", agent.release)
    app.router.add_post("/leases/{lease}/cancel", agent.cancel)
    app.router.add_get("/computes/{port}", agent.show)
    app.router.add_post("/computes/{port}/recycle", agent.recycle)
    async with _listening(app, 0) as agent.port:
        yield agent


@asynccontextmanager
async def _listening(app: web.Application, port: int) -> AsyncIterator[int]:
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
