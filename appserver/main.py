"""The composition root: `uvicorn --factory appserver.main:create_app`."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware

from appserver import clock, exporting
from appserver.admission.drain import Drain
from appserver.admission.flights import Flights
from appserver.admission.forgetting import forgetting
from appserver.admission.gate import Gate, GateRules
from appserver.admission.memo import Memo
from appserver.admission.memo_keys import MemoKeys
from appserver.callbacks.long_solves import LongSolves
from appserver.callbacks.rules import ReportRules
from appserver.callbacks.sender import CallbackSender
from appserver.collection import collecting_rarely
from appserver.compute.build_solver import build_pool_solver
from appserver.compute.mock_solver import MockSolver
from appserver.config import Settings
from appserver.domain.signature import SigningKey
from appserver.domain.solution import Solver
from appserver.middleware.body_limit import BodyLimit
from appserver.middleware.event_log import configure_event_log
from appserver.middleware.request_context import RequestContext
from appserver.middleware.unexpected_errors import UnexpectedErrors
from appserver.routes import health, memo, preview, solve, solves
from appserver.routes.problems import problem_handlers
from appserver.services import Services
from appserver.termination import draining_on_sigterm
from appserver.use_cases.publish_gauges import publish_gauges
from appserver.use_cases.shut_down import shut_down
from contracts.registry import Registry

_FORGET_EVERY_S = 30.0


def create_app(settings: Settings | None = None) -> Starlette:
    """Build the application from its settings, by default those of the environment.

    Raises:
        SettingsError: a setting is missing or wrong.
        ContractFileError: a released contract breaks a rule; nothing is served then.
    """
    settings = settings or Settings.read()
    configure_event_log(settings.log_level)
    is_exporting = exporting.start(
        settings.otel_exporter_otlp_endpoint, settings.azure_monitor_connection_string
    )
    registry = Registry.load(settings.contracts_dir)
    solver = _solver(settings, registry)
    services = build_services(settings, registry, solver)
    if is_exporting:
        publish_gauges(services)
    modules = (solve, preview, solves, memo, health)
    routes = [route for module in modules for route in module.build(services)]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        await solver.start()
        try:
            shutting_down = partial(_shut_down, services, settings)
            with collecting_rarely(), draining_on_sigterm(shutting_down):
                async with forgetting(services.memo, _FORGET_EVERY_S):
                    yield
        finally:
            await solver.close()
            if services.reporter is not None:
                await services.reporter.close()

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


async def _shut_down(services: Services, settings: Settings) -> None:
    await shut_down(services, settings.drain_notice_s, settings.drain_grace_s)


def build_services(settings: Settings, registry: Registry, solver: Solver) -> Services:
    """Everything that requests share."""
    key, signs = settings.appserver_grant_key, settings.provenance_key
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
        signing_key=None if signs is None else SigningKey.parse(signs.get_secret_value()),
        gate=Gate(rules, registry.policies, clock.utc_now),
        drain=Drain(),
        memo=Memo(settings.memo_max_bytes, settings.memo_ttl_s),
        memo_keys=MemoKeys(registry),
        flights=Flights(),
        long_solves=LongSolves(),
        reporter=None
        if rules.grant_key is None
        else CallbackSender(rules.grant_key, clock.utc_now),
        report_rules=ReportRules(settings.callback_origins, settings.heartbeat_s),
        make_id=clock.fresh_id,
    )


def _solver(settings: Settings, registry: Registry) -> Solver:
    if not settings.use_compute:
        return MockSolver()
    contracts = [served.contract for served in registry.contracts.values()]
    return build_pool_solver(
        settings, contracts, lambda: clock.utc_now().timestamp(), clock.fresh_id
    )
