"""The composition root: `uvicorn --factory appserver.main:create_app`."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext

import httpx
from fastapi import FastAPI

from appserver import clock, telemetry
from appserver.compute.definition_texts import DefinitionTexts
from appserver.compute.mock_solver import MockSolver
from appserver.compute.rhino_compute import KEY_HEADER, RhinoCompute
from appserver.compute.rhino_geometry import RhinoGeometry
from appserver.compute.rhino_solver import RhinoSolver
from appserver.config import Settings
from appserver.middleware.body_limit import BodyLimit
from appserver.middleware.event_log import configure_event_log
from appserver.middleware.request_context import RequestContext
from appserver.middleware.unexpected_errors import UnexpectedErrors
from appserver.routes import health, solve
from appserver.routes.problems import add_problem_handlers
from appserver.services import Services
from contracts.registry import Registry


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application from its settings, by default those of the environment.

    Raises:
        SettingsError: a setting is missing or wrong.
        ContractFileError: a released contract breaks a rule; nothing is served then.
    """
    settings = settings or Settings.read()
    configure_event_log(settings.log_level)
    telemetry.start(settings.otel_exporter_otlp_endpoint)
    registry = Registry.load(settings.contracts_dir)
    http = _engine_client(settings) if settings.use_compute else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with http or nullcontext():
            yield

    solver = MockSolver() if http is None else _rhino_solver(settings, http)
    services = Services(registry, solver, clock.utc_now, settings.answer_margin_s)
    app = FastAPI(lifespan=lifespan, openapi_url=None, telemetry=telemetry.OF_REQUESTS)
    app.include_router(solve.build(services))
    app.include_router(health.build(services))
    add_problem_handlers(app)
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(RequestContext, make_id=clock.fresh_id)
    return app


def _engine_client(settings: Settings) -> httpx.AsyncClient:
    """One client for the process: connections to the engine stay open between solves."""
    key = settings.compute_api_key.get_secret_value()
    return httpx.AsyncClient(
        base_url=str(settings.compute_url),
        headers={KEY_HEADER: key} if key else {},
        # A solve's own deadline is the contract's; only the connection has one of its own.
        timeout=httpx.Timeout(None, connect=settings.connect_timeout_s),
        trust_env=False,
    )


def _rhino_solver(settings: Settings, http: httpx.AsyncClient) -> RhinoSolver:
    return RhinoSolver(
        RhinoCompute(http), DefinitionTexts(), RhinoGeometry(), settings.connect_timeout_s
    )
