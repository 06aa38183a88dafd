"""A receiver of reports about solves that nobody waits for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from contracts.wire.solve_callback import SIGNATURE_HEADER, SolveCallback


@dataclass
class Inbox:
    """A receiver of reports; `answers` are its statuses, in their order, then 204."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)

    @property
    def reports(self) -> list[SolveCallback]:
        return [SolveCallback.model_validate_json(body) for body in self.bodies]

    @property
    def last(self) -> str | None:
        return self.reports[-1].event if self.bodies else None

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(await request.read())
        self.signatures.append(request.headers[SIGNATURE_HEADER])
        return web.Response(status=self.answers.pop(0) if self.answers else 204)


@asynccontextmanager
async def listening() -> AsyncIterator[Inbox]:
    box = Inbox()
    app = web.Application()
    app.router.add_post("/reports", box.take)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    box.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield box
    await runner.cleanup()
