"""The composition root: `uvicorn --factory appserver.main:create_app`."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware

from appserver import clock, exporting
from appserver.admission.drain import Drain
from appserver.admission.flights import Flights
from appserver.admission.gate import Gate, GateRules
from appserver.admission.memo import Memo
from appserver.admission.memo_keys import MemoKeys
from appserver.compute.definition_texts import DefinitionTexts
from appserver.compute.mock_solver import MockSolver
from appserver.compute.rhino_compute import KEY_HEADER, RhinoCompute
from appserver.compute.rhino_geometry import RhinoGeometry
from appserver.compute.rhino_solver import RhinoSolver
from appserver.config import Settings
from appserver.domain.solution import Solver
from appserver.middleware.body_limit import BodyLimit
from appserver.middleware.event_log import configure_event_log
from appserver.middleware.request_context import RequestContext
from appserver.middleware.unexpected_errors import UnexpectedErrors
from appserver.routes import health, solve
from appserver.routes.problems import problem_handlers
from appserver.services import Services
from contracts.registry import Registry


def create_app(settings: Settings | None = None) -> Starlette:
    """Build the application from its settings, by default those of the environment.

    Raises:
        SettingsError: a setting is missing or wrong.
        ContractFileError: a released contract breaks a rule; nothing is served then.
    """
    settings = settings or Settings.read()
    configure_event_log(settings.log_level)
    exporting.start(settings.otel_exporter_otlp_endpoint, settings.azure_monitor_connection_string)
    http = _engine_client(settings) if settings.use_compute else None
    solver = MockSolver() if http is None else _rhino_solver(settings, http)
    services = build_services(settings, Registry.load(settings.contracts_dir), solver)
    routes = [*solve.build(services), *health.build(services)]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with http or nullcontext():
            yield

    # The first one is the outermost.
    middleware = [
        Middleware(RequestContext, make_id=clock.fresh_id, routes=routes),
        Middleware(UnexpectedErrors),
        Middleware(BodyLimit, max_bytes=settings.max_body_bytes),
    ]
    return Starlette(
        routes=routes,
        middleware=middleware,
        exception_handlers=problem_handlers(),
        lifespan=lifespan,
    )


def build_services(settings: Settings, registry: Registry, solver: Solver) -> Services:
    """Everything that requests share."""
    key = settings.appserver_grant_key
    rules = GateRules(
        grant_key=None if key is None else key.get_secret_value().encode(),
        allow_bare_inputs=settings.allow_bare_inputs,
        seat_wait_s=settings.seat_wait_s,
    )
    return Services(
        registry=registry,
        solver=solver,
        now=clock.utc_now,
        answer_margin_s=settings.answer_margin_s,
        gate=Gate(rules, registry.policies, clock.utc_now),
        drain=Drain(),
        memo=Memo(settings.memo_max_bytes),
        memo_keys=MemoKeys(registry),
        flights=Flights(),
    )


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
