"""Liveness, readiness and the registry, for people and for whoever runs the container."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from appserver.services import Services
from appserver.use_cases.check_readiness import check_readiness
from appserver.use_cases.describe_registry import describe_registry
from appserver.use_cases.describe_signing_key import describe_signing_key


def build(services: Services) -> list[Route]:
    """The routes over these services; `/livez` and `/readyz` are what Kubernetes calls them."""

    async def get_health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def get_ready(_: Request) -> Response:
        services.drain.check()
        check_readiness(services)
        return JSONResponse({"status": "ready"})

    async def get_registry(_: Request) -> Response:
        return JSONResponse(describe_registry(services))

    async def get_provenance_key(_: Request) -> Response:
        return JSONResponse(describe_signing_key(services))

    return [
        Route("/health", get_health, methods=["GET"]),
        Route("/livez", get_health, methods=["GET"]),
        Route("/ready", get_ready, methods=["GET"]),
        Route("/readyz", get_ready, methods=["GET"]),
        Route("/health/registry", get_registry, methods=["GET"]),
        Route("/health/provenance-key", get_provenance_key, methods=["GET"]),
    ]
